"""``python -m vettura_car``."""

from vettura_car.main import main

raise SystemExit(main())
