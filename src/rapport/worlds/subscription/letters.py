"""What is written in the letters between Plumbline and its accounts, and in their answers to surveys."""

from __future__ import annotations

from rapport.worlds.words import Book

LETTERS = Book(
    openings=("Hello,", "Good morning,", "Hi,", "Dear Plumbline team,", "Hello support,", "Good afternoon,"),
    questions={
        "billing": (
            "our last invoice shows two seats too many.",
            "the direct debit was returned; what now?",
            "please send the invoice to our accountant as well.",
        ),
        "contract": (
            "how do we add three seats from next month?",
            "when does our year end?",
            "can we change to a smaller plan?",
        ),
        "how to": (
            "how do I copy a week of the schedule?",
            "where do I see who is on which site?",
            "can a subcontractor see only his own site?",
        ),
        "login": (
            "two of our people cannot sign in.",
            "the code never arrives on the phone.",
            "I have a new e-mail address.",
        ),
        "mobile app": (
            "photos do not upload on site.",
            "the app closes when I open the timesheet.",
            "hours entered offline are gone.",
        ),
        "integration": (
            "the export to our accounting stopped.",
            "the API answers with an error since this morning.",
            "materials arrive twice from the wholesaler.",
        ),
        "fault": (
            "nothing loads since an hour.",
            "the schedule is empty for everybody.",
            "we cannot work, please call back.",
        ),
    },
    closings=("Thanks", "Best regards", "Please hurry, the crew is waiting.", "Thank you for your help.", "Regards"),
    replies={
        "billing": (
            "We have corrected the invoice; the difference is credited.",
            "We will try the debit again on the first.",
        ),
        "contract": (
            "The seats are added; you pay for them from the first.",
            "Your year ends in the month in which you began.",
        ),
        "how to": (
            "Mark the week, then choose copy in the menu on the left.",
            "Open the site and choose people; everybody is listed there.",
        ),
        "login": ("We have sent a new link to both.", "The number was blocked by mistake; please try again."),
        "mobile app": (
            "The new version mends this; please update the app.",
            "The hours are on the phone; open it once with a connection.",
        ),
        "integration": (
            "The connection is renewed; the missing entries follow tonight.",
            "We see the error and are mending it.",
        ),
        "fault": (
            "The service is back; we are sorry for the interruption.",
            "It is mended, and we will report what happened.",
        ),
    },
    manners=("We are sorry about this.", "Thank you for telling us.", "Call me if it comes back.", "I looked into it."),
)
