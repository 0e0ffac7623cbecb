"""A SQLite database for a program without one: statements come as lines of JSON on one pipe, rows go on another.

Arguments: the database, the pipe of statements, the pipe of rows. Blobs are {"blob": hexadecimal text}.
"""
import json
import sqlite3
import sys


def to_sql(value):
    return bytes.fromhex(value['blob']) if isinstance(value, dict) else value


def to_json(value):
    return {'blob': value.hex()} if isinstance(value, bytes) else value


def statements_of(script):
    """executescript() would end a transaction first."""
    one = ''
    for part in script.split(';'):
        one += part + ';'
        if sqlite3.complete_statement(one):
            yield one, []
            one = ''


database = sqlite3.connect(sys.argv[1], isolation_level=None)
database.row_factory = sqlite3.Row
with open(sys.argv[2], encoding='utf-8') as statements, open(sys.argv[3], 'w', encoding='utf-8') as rows:
    for line in statements:
        sql, values = json.loads(line)
        try:
            answer = []
            for one, parameters in statements_of(sql) if values is None else [(sql, values)]:
                found = database.execute(one, [to_sql(value) for value in parameters])
                answer = [{key: to_json(row[key]) for key in row.keys()} for row in found]
        except sqlite3.Error as error:
            answer = str(error)
        print(json.dumps(answer), file=rows, flush=True)
database.close()
