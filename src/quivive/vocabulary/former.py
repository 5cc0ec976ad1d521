"""Sentences that rows of older versions hold, in the words they were stored in.

A stored sentence is its English wording and what fills it (see ``messages``), read out in the
reader's language. When a wording that rows keep is changed, the old one moves here, so that it
stays in the catalogue: an old log is then as bilingual as a new one.
"""

from quivive.vocabulary.messages import Message, say, say_many

FORMER: tuple[Message, ...] = (
    say("A claim without a source; its author took the words back."),
    say_many(
        "Back to usual since {time}, after {minutes} min; at most {count} person wrote in one"
        " window.",
        "Back to usual since {time}, after {minutes} min; at most {count} people wrote in one"
        " window.",
        0,
    ),
    say("Calm is back; the team stays vigilant."),
    say("Cap C1: fewer than five people with a small audience; no more than a signal."),
    say("Check how it is written. If it is right, it is asked again all the same."),
    say("Claimed by several people without a source: “{claim}”"),
    say("Claimed without a source, and somebody asks whether it is so: “{claim}”"),
    say("Crisis room opened."),
    say("Critical posts double every {minutes} min."),
    say("Dismissed: this is not a crisis."),
    say("Each critical post brings about {value} more (early, likely too high)."),
    say("Each critical post brings about {value} more."),
    say("Harm at stake was set."),
    say("It began {hours} h ago."),
    say("It is asked again later. Should it last, press Test to see what comes back."),
    say("It is confirmed; we have not answered yet."),
    say("No column holds dates that can be read, among: {columns}."),
    say_many(
        "Only {count} person wrote in {minutes} min, where {expected} are usual: it became "
        "quiet, or a source is missing.",
        "Only {count} people wrote in {minutes} min, where {expected} are usual: it became "
        "quiet, or a source is missing.",
        0,
    ),
    say("Open the source, fill them in, and press Test."),
    say("The budget of {budget} dollars a month is used up."),
    say("The claim was written down."),
    say("The columns that hold the text and the date could not be found among: {columns}."),
    say("The crisis is closed."),
    say("The crisis is confirmed."),
    say("The crisis is suspected."),
    say("The kind of threat was set."),
    say("The settings of this source are not complete: {reason}."),
    say("The spreadsheet holds more text than can be read at once."),
    say("The status of the claim was set."),
    say("The team is responding."),
    say("There is no site called {host}."),
    say("This is a spreadsheet or text document, not a table we can read."),
    say("Whether a critical article is out was set."),
    say("Whether a journalist asked was set."),
    say("Whether similar crises happened before was set."),
    say("Whether the law asks for more was set."),
    say("Whether the reputation was bad before was set."),
    say_many(
        "{count} account reposted in {minutes} min, where {expected} are usual; first repost "
        "at {time}.",
        "{count} accounts reposted in {minutes} min, where {expected} are usual; first repost"
        " at {time}.",
        0,
    ),
    say_many(
        "{count} person wrote in {minutes} min on a topic so new that what is usual is a "
        "guess; first post at {time}.",
        "{count} people wrote in {minutes} min on a topic so new that what is usual is a "
        "guess; first post at {time}.",
        0,
    ),
    say_many(
        "{count} person wrote in {minutes} min, where {expected} are usual; first post at {time}.",
        "{count} people wrote in {minutes} min, where {expected} are usual; first post at {time}.",
        0,
    ),
    say_many(
        "{count} person wrote in {minutes} min, where {expected} are usual; friendly: "
        "{negatives} of {sides} posts that take a side are critical.",
        "{count} people wrote in {minutes} min, where {expected} are usual; friendly: "
        "{negatives} of {sides} posts that take a side are critical.",
        0,
    ),
    say("{moved} of {read} critical posts use words of anger, fear, disgust or outrage."),
)
