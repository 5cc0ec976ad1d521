"""What every test folder shares: see the modules named here."""

pytest_plugins = [
    "tests.needs",
    "tests.mailserver",
    "tests.postgresql",
    "tests.web.mailbox",
    "tests.wire.time_authority",
]
