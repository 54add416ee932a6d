"""What happens to jobs, told to whoever counts. Receivers must be quick; one that fails harms nobody.

``submitted``: kind. ``refused``: queue, reason, of a submission that was not let in. ``claimed``: kind, waited (seconds
since the job could have run). ``attempted``: kind, status (what the attempt left the job in; None where the lease was
lost), seconds. ``closed``: kind, status, of jobs that ended without a worker. ``lapsed``: requeued and failed, how many
jobs lost their worker and what became of them.
"""

from django.dispatch import Signal

submitted = Signal()
refused = Signal()
claimed = Signal()
attempted = Signal()
closed = Signal()
lapsed = Signal()
