"""The only core folder that touches the outside: files, mail, notifications, secrets."""
