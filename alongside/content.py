from alongside.course import *  # noqa: F403
