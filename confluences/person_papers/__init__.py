"""The papers of a person: the dossier for the team, and a paper for the person to take away.

Both hold only what their reader may read: every row comes through its own `visible_to`. Confidential notes, health
and justice stay inside unless somebody who may read them ticks a box on the preparation page.
"""
