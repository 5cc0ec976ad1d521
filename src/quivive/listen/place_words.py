"""Words that say whether a name beside them is a place's, folded."""

_MARKERS = """
    residence residences res immeuble immeubles batiment batiments bat bt tour tours cite quartier
    foyer ensemble logements logement building block estate
"""
MARKERS = frozenset(_MARKERS.split())
"""What follows is a building; a residence may be called without them."""

_RIVERS = """
    ain aisne allier ardeche ariege aube aude aveyron charente cher correze creuse dordogne doubs
    drome eure gard gers gironde herault indre isere jura loire lot manche marne mayenne meuse
    moselle nievre nord oise orne rhone sarthe somme tarn var vendee vienne yonne
"""
RIVERS = frozenset(_RIVERS.split())
"""Departments whose name is first that of a river, a sea, a mountain or a direction."""

INTO = frozenset(("à", "sur", "vers", "depuis", "in", "at", "near"))
"""What says by itself that a place follows; French ``a`` without its accent is also a verb."""

INTO_ARTICLE = frozenset(("au", "aux"))

OF = frozenset(("de", "d", "du", "des", "of", "from", "dans", "en", "pour", "a", "to"))

_OF_TOWN = """
    ville villes commune mairie maire habitants habitant quartier quartiers centre agglomeration
    metropole prefecture tribunal chu pres proche loin direction autour city town mayor
"""
OF_TOWN = frozenset(_OF_TOWN.split())
"""« Le maire de X »: after these, "of" is as good as "in"."""

_NO_PLACE = """
    rue avenue av bd boulevard place cours quai impasse allee allees chemin route square pont
    porte station metro college lycee ecole eglise hopital clinique stade saint sainte canal
    faubourg passage street road st m mr mme mlle monsieur madame docteur dr professeur
"""
NO_PLACE = frozenset(_NO_PLACE.split())
"""After these a name is that of a street, a school or a person."""

_INSIDE = "bat batiment bt hall escalier esc entree appt appartement etage"
INSIDE = frozenset(_INSIDE.split())
"""Before these stands the name of a building."""

_HOUSING = """
    chauffage chaudiere ascenseur ascenseurs bailleur locataire locataires loyer loyers charges
    fuite fuites eau gaz panne gardien immeuble residence logement logements hlm hall cave parking
    poubelles punaises cafards rats moisissure humidite voisins voisin office degat incendie
    heating lift landlord tenant tenants rent leak boiler flat flats
"""
HOUSING = frozenset(_HOUSING.split())
"""What tenants write of their homes."""

_MONTHS = """
    janvier fevrier mars avril mai juin juillet aout septembre octobre novembre decembre
"""
MONTHS = frozenset(_MONTHS.split())

SMALL_WORDS = frozenset(("le", "la", "les", "l", "de", "du", "des", "d"))
