"""临江区, a district that does not exist: its units, people and enterprises, and a quarter of issues lived through by
the verbs themselves. The same every time, but for passwords and for "now", to which all times are relative."""
