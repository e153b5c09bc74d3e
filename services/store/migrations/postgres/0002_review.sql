-- Place of a pair in the review list that people are shown, from 1; 0: not shown, and its restrictions shared all the same.
ALTER TABLE pair ADD COLUMN place integer NOT NULL DEFAULT 0;
CREATE INDEX pair_place ON pair (incident, place) WHERE place > 0;

-- Weights that the last run learned: to explain pairs that it did not keep. No values of any record.
CREATE TABLE weights (
    incident uuid PRIMARY KEY,
    model text NOT NULL
);

-- Who gave way to a person: what their messages reached counts for that person.
CREATE INDEX person_heir ON person (incident, superseded_by) WHERE superseded_by IS NOT NULL;
