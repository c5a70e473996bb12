"""`python -m visionscan_kiosk` and the command `visionscan-kiosk`."""

import os
import sys

# A small till has two cores, and matrices are computed behind the screen: on both of them, they stall it and
# take twice as long besides. NumPy reads this once, so it is set before anything imports it.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

from visionscan_kiosk.cli.main import main

if __name__ == "__main__":
    sys.exit(main())
