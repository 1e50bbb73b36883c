"""The directory that comes with the program: 2 389 real organisations, a sample of the register. Sources: `NOTICE`."""

from pathlib import Path

SHIPPED = Path(__file__).parent / "schools.csv.gz"
