"""Invented names for demo clients and staff, from several languages.

Put here lists of names only. Do not put here names chosen to break something (traps).
"""

_FIRST = """
Ada Aiko Alma Amélie Amir Anaïs Andrés Anna Arjun Ayşe Beatriz Björn Bo Carla Chen Chloé Clara Dara
Dmitri Eira Elif Emeka Emil Esther Farah Femi Finn Freya Gabriel Grace Hana Hannah Hugo Ines Ingrid
Isla Ivan Jana Jonas José Juno Kai Karim Katarzyna Kenji Lara Leila Léa Linh Lucas Łukasz Mai Malik
Mara Marta Mateo Maya Mei Mila Mohamed Nadia Naoko Nia Nils Noor Noé Olga Oskar Paula Pilar Priya
Quinn Rafael Renée Ravi Rosa Ruth Samir Sanna Sara Siobhán Sofía Søren Sunita Tariq Tessa Thandi
Theo Tomás Uma Vera Viktor Wanda Xenia Yara Yusuf Zeynep Zoë
"""
_LAST = """
Abe Adeyemi Ahmed Almeida Andersson Baker Bauer Becker Bianchi Brown Campbell Chan Costa D'Angelo
Dąbrowski Delgado Demir Diallo Dubois Eriksen Fernández Fischer Fontaine García Ghosh Gómez Green
Haddad Hall Hansen Hoffmann Ibrahim Ito Ivanov Jansen Jensen Johnson Kaya Keller Khan Kim Kowalska
Kumar Laurent Lee Leroy Li Lindqvist Lopes MacDonald Martin Mbeki Meyer Mora Müller Murphy Nakamura
Nguyễn Novák O'Brien O'Neil Okafor Olsen Park Patel Perez Petrov Popescu Quispe Ramírez Rossi Roy
Sánchez Santos Sato Schmidt Silva Singh Smith Suzuki Tanaka Taylor Tran Tremblay Usman Vargas Vogel
Wagner Walker Weber White Williams Wong Wu Yamada Yılmaz Young Zhang Ziegler
"""
FIRST_NAMES = tuple(_FIRST.split())
LAST_NAMES = tuple(_LAST.split())
