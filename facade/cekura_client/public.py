"""The public names, imported from where they live; `cekura_client` looks them up here."""

from cekura_client.client import AsyncCekura as AsyncCekura
from cekura_client.client import Cekura as Cekura
from cekura_client.core.folder_path import FolderPathWarning as FolderPathWarning
from cekura_client.core.launch_kinds import WebsocketScenario as WebsocketScenario
from cekura_client.core.launches import Launch as Launch
from cekura_client.core.plan import RunPlan as RunPlan
from cekura_client.core.polling import Polling as Polling
from cekura_client.core.recovery import Candidate as Candidate
from cekura_client.core.results import Result as Result
from cekura_client.core.runs import DialWindow as DialWindow
from cekura_client.core.runs import ExpectedOutcome as ExpectedOutcome
from cekura_client.core.runs import Metric as Metric
from cekura_client.core.runs import Run as Run
from cekura_client.core.timeouts import Timeouts as Timeouts
from cekura_client.core.verdicts import Verdict as Verdict
from cekura_client.errors import *
from cekura_client.wire.aborting import AbortGuard as AbortGuard
