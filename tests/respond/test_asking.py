"""People in danger come first, then those in need and alone, with every reason told."""

import pytest

from quivive.respond.asking import Reason, Urgency, asking, urgency


class TestUrgency:
    @pytest.mark.parametrize(
        ("words", "expected"),
        [
            ("Au secours, ça sent le gaz, odeur de gaz dans le hall", Urgency.DANGER),
            ("My father is trapped in the lift", Urgency.DANGER),
            ("Mon père est bloqué dans l’ascenseur", Urgency.DANGER),
            ("Ça brûle au deuxième, il y a des gens aux fenêtres", Urgency.DANGER),
            ("My boy fell down the stairs and he is bleeding", Urgency.DANGER),
            ("Il me frappe, il a fermé la porte à clé", Urgency.DANGER),
            ("I can’t go on, I want to die", Urgency.DANGER),
            ("Je n’ai personne pour m’aider à monter l’eau", Urgency.ALONE),
            ("On n’a pas mangé ni bu depuis hier", Urgency.NEED),
            ("Comment descendre en fauteuil pour la dialyse ?", Urgency.NEED),
            ("Sa mère a 84 ans et attend au rez-de-chaussée", Urgency.NEED),
            ("Bébé de 3 mois, sans chauffage depuis hier", Urgency.NEED),
            ("My neighbour is alone and freezing", Urgency.ALONE),
            ("Ma mère vit toute seule au 4e", Urgency.ALONE),
            ("Seule avec mon bébé, sans chauffage", Urgency.ALONE),
            ("Les personnes âgées isolées attendent", Urgency.ALONE),
            ("C’est vrai que tout est coupé ?", Urgency.QUESTION),
            ("Does anyone know when it comes back", Urgency.QUESTION),
            ("متى يعود الماء الساخن؟", Urgency.QUESTION),
            ("Encore une belle journée au parc", Urgency.NONE),
            ("", Urgency.NONE),
        ],
    )
    def test_follows_the_words_in_both_languages(self, words, expected):
        assert urgency(words) is expected

    def test_reads_inclusive_writing(self):
        assert urgency("Des locataires âgé·es attendent") is Urgency.NEED

    @pytest.mark.parametrize(
        "words",
        [
            "Le bailleur est le seul responsable",
            "Il est seul responsable de la panne",
            "Un seul ascenseur pour huit étages",
            "Des murs mal isolés depuis vingt ans",
            "Ma voisine travaille à l’hôpital",
            "The only lift",
            "Mourir de rire devant cette affiche",
            "I will jump on the early bus",
            "L’enceinte du concert est en panne",
        ],
    )
    def test_takes_no_other_sense_of_a_word_for_somebody_alone_or_in_danger(self, words):
        assert urgency(words) is Urgency.NONE

    @pytest.mark.parametrize(
        ("words", "expected"),
        [
            ("Point de la mairie : aucun blessé, aucun décès à déplorer.", Urgency.NONE),
            ("Personne n’a été blessé, tout le monde est hors de danger", Urgency.NONE),
            ("Nobody was hurt, no injuries reported", Urgency.NONE),
            ("Aucun mort selon les pompiers", Urgency.NONE),
            ("Aucun blessé, mais ma voisine est coincée dans l’ascenseur", Urgency.DANGER),
            ("Toujours pas d’ambulance !", Urgency.DANGER),
            ("Mon fils n’est pas blessé mais il ne bouge plus", Urgency.DANGER),
        ],
    )
    def test_hears_that_nobody_came_to_harm(self, words, expected):
        assert urgency(words) is expected

    @pytest.mark.parametrize(
        ("words", "press"),
        [
            ("Bonjour, journaliste à L’Écho de l’Orle. Une réaction ?", True),
            ("Je prépare un sujet pour la rédaction de France 3, qui appeler ?", True),
            ("Hi, I’m a journalist with the Valley Post, any comment?", True),
            ("Journalist with the Valley Post here, any comment?", True),
            ("Could I quote this for an article?", True),
            ("Il y a un journaliste au pied de l’immeuble, vous savez pourquoi ?", False),
            ("Is it true the journalist for the Post was sent away?", False),
        ],
    )
    def test_hears_that_a_journalist_asks(self, words, press):
        told = asking(words)

        assert (told.press, told.urgency) == (press, Urgency.QUESTION)

    def test_tells_every_reason_with_its_words(self):
        told = asking("Bébé de 3 mois, j’ai froid, personne ne rappelle, que faire ?")

        assert [one.reason for one in told.because] == [
            Reason.FRAIL, Reason.WITHOUT, Reason.UNHEARD, Reason.QUESTION,
        ]  # fmt: skip
        assert told.because[2].words == "personne ne rappelle"

    def test_puts_a_cry_for_help_in_unusual_words_among_those_in_need(self):
        told = asking("La dalle a un trou et le gamin est en dessous", plea=0.7)

        assert told.urgency is Urgency.NEED
        assert [one.reason for one in told.because] == [Reason.PLEA]
        assert (
            asking("Odeur de gaz au 3e", plea=0.9).because == asking("Odeur de gaz au 3e").because
        )
        assert asking("La dalle est sèche", plea=0.2).urgency is Urgency.NONE

    def test_looks_at_a_remark_when_it_is_made_to_us(self):
        assert asking("Bravo pour votre sérieux", to_us=True).urgency is Urgency.ADDRESSED
