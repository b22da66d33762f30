"""From an export of a survey tool to respondents' rows behind a wall, by allow-list."""
