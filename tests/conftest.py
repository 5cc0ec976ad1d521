"""What every test folder shares: see the two modules named here."""

pytest_plugins = ["tests.needs", "tests.postgresql"]
