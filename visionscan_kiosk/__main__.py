"""`python -m visionscan_kiosk` and the command `visionscan-kiosk`."""

import sys

from visionscan_kiosk.cli.main import main

if __name__ == "__main__":
    sys.exit(main())
