"""What the survey still imports under the old name of the course's readers."""

from alongside.course.entry import *  # noqa: F403
from alongside.course.entry import read_entries as yaml_entries  # noqa: F401
from alongside.course.lesson import *  # noqa: F403
from alongside.course.place import ROOT  # noqa: F401
from alongside.course.references import *  # noqa: F403
from alongside.course.scenarios import *  # noqa: F403
