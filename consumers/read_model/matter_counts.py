"""How many matters there are of each kind, kept beside their rows, so that nobody counts a whole city's.

Shape: `matter_counts`: what queues ask of a matter (`_COUNTED`) → how many rows of `matter_facts` are so. The
database itself keeps it, in the statement that changes the rows. What there is no longer any of stays with 0
until the projector begins again.
"""

from typing import Final

_COUNTED: Final = "department, state, told, told_there, handled_in, instance, due"
_ADD: Final = f"""
    INSERT INTO matter_counts AS held
    SELECT {_COUNTED}, sum(change) FROM ({{changed}}) AS changed GROUP BY {_COUNTED} HAVING sum(change) <> 0
    ON CONFLICT ({_COUNTED}) DO UPDATE SET number = held.number + excluded.number;
"""  # noqa: S608 - as all here put together from constants alone
_CAME: Final = f"SELECT {_COUNTED}, 1 AS change FROM came"  # noqa: S608
_WENT: Final = f"SELECT {_COUNTED}, -1 AS change FROM went"  # noqa: S608
FORGET_NONE: Final = "DELETE FROM matter_counts WHERE number = 0"
# No index has the number: a row that changes with every batch stays in its page, and no index grows with it.
COUNT_LAYOUT: Final = f"""
CREATE TABLE matter_counts (
    department text NOT NULL,
    state text NOT NULL,
    told boolean NOT NULL,
    told_there boolean NOT NULL,
    handled_in text,
    instance text,
    due date NOT NULL,
    number bigint NOT NULL,
    UNIQUE NULLS NOT DISTINCT ({_COUNTED})
) WITH (fillfactor = 50);
CREATE FUNCTION count_matters() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    -- The counts lie beside the rows, whatever schema those are in by now and whoever changes them.
    PERFORM set_config('search_path', TG_TABLE_SCHEMA, true);
    CASE TG_OP
        WHEN 'INSERT' THEN {_ADD.format(changed=_CAME)}
        WHEN 'DELETE' THEN {_ADD.format(changed=_WENT)}
        ELSE {_ADD.format(changed=f"{_CAME} UNION ALL {_WENT}")}
    END CASE;
    RETURN NULL;
END $$;
CREATE TRIGGER counts_come AFTER INSERT ON matter_facts
    REFERENCING NEW TABLE AS came FOR EACH STATEMENT EXECUTE FUNCTION count_matters();
CREATE TRIGGER counts_change AFTER UPDATE ON matter_facts
    REFERENCING OLD TABLE AS went NEW TABLE AS came FOR EACH STATEMENT EXECUTE FUNCTION count_matters();
CREATE TRIGGER counts_go AFTER DELETE ON matter_facts
    REFERENCING OLD TABLE AS went FOR EACH STATEMENT EXECUTE FUNCTION count_matters();
"""
