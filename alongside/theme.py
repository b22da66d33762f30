from alongside.page.theme import *  # noqa: F403
