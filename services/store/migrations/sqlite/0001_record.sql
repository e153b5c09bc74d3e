-- The record of everything. Personal data stands only in the sealed columns: ephemeral, wrapped_key, identity,
-- contact, protection, free_text, blob, body. Ids are blobs of 16 bytes, truth values 0 or 1.
-- The same tables, columns and constraints as for PostgreSQL: what differs in behaviour is a bug.

-- time -----------------------------------------------------------------------------------------------------------

CREATE TABLE clock (
    one INTEGER PRIMARY KEY CHECK (one = 1),
    offset_ms INTEGER NOT NULL CHECK (offset_ms >= 0)
) STRICT;
INSERT INTO clock VALUES (1, 0);

CREATE TABLE lease (
    name TEXT PRIMARY KEY,
    holder BLOB NOT NULL,
    until_ms INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- operators, actions, audit --------------------------------------------------------------------------------------

CREATE TABLE staff (
    id BLOB PRIMARY KEY,
    name TEXT NOT NULL,
    key BLOB NOT NULL,
    role TEXT NOT NULL,
    drill INTEGER NOT NULL,
    revoked_at INTEGER
) STRICT;

CREATE TABLE action (
    id BLOB PRIMARY KEY,
    kind TEXT NOT NULL,
    subject TEXT NOT NULL,
    nonce BLOB NOT NULL UNIQUE,
    expires_at INTEGER NOT NULL,
    proposed_at INTEGER NOT NULL,
    executed_at INTEGER
) STRICT;

CREATE TABLE endorsement (
    action BLOB NOT NULL REFERENCES action (id),
    place INTEGER NOT NULL,
    staff BLOB NOT NULL,
    signature BLOB NOT NULL,
    PRIMARY KEY (action, staff)
) STRICT;

CREATE TABLE audit (
    seq INTEGER PRIMARY KEY,
    at INTEGER NOT NULL,
    actor TEXT NOT NULL,
    what TEXT NOT NULL,
    subject TEXT NOT NULL,
    previous BLOB NOT NULL,
    hash BLOB NOT NULL
) STRICT;
-- The head is kept apart, so that a tail that was cut off is missed.
CREATE TABLE audit_head (
    one INTEGER PRIMARY KEY CHECK (one = 1),
    seq INTEGER NOT NULL,
    hash BLOB NOT NULL
) STRICT;
INSERT INTO audit_head VALUES (1, 0, zeroblob(32));

CREATE TRIGGER audit_no_update BEFORE UPDATE ON audit BEGIN SELECT RAISE(ABORT, 'audit_append_only'); END;
CREATE TRIGGER audit_no_delete BEFORE DELETE ON audit BEGIN SELECT RAISE(ABORT, 'audit_append_only'); END;

-- incidents, Societies, gateways ---------------------------------------------------------------------------------

CREATE TABLE incident (
    id BLOB PRIMARY KEY,
    drill INTEGER NOT NULL,
    version INTEGER NOT NULL,
    facts TEXT NOT NULL,
    key_version INTEGER NOT NULL,
    public_key BLOB NOT NULL,
    wrapped_secret BLOB NOT NULL,
    wrapped_index BLOB NOT NULL,
    record_epoch INTEGER NOT NULL DEFAULT 1,
    UNIQUE (id, drill)
) STRICT;
-- Synthetic or real, for ever.
CREATE TRIGGER incident_kind BEFORE UPDATE OF drill ON incident WHEN OLD.drill <> NEW.drill
BEGIN SELECT RAISE(ABORT, 'incident_kind_stays'); END;

CREATE TABLE incident_facts (
    incident BLOB NOT NULL REFERENCES incident (id),
    version INTEGER NOT NULL,
    facts TEXT NOT NULL,
    at INTEGER NOT NULL,
    PRIMARY KEY (incident, version)
) STRICT;

CREATE TABLE society (
    code TEXT PRIMARY KEY,
    context TEXT NOT NULL
) STRICT;

CREATE TABLE gateway (
    society TEXT NOT NULL,
    kid TEXT NOT NULL,
    drill INTEGER NOT NULL,
    sealing_jwk TEXT NOT NULL,
    verifying_jwk TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('active', 'retiring', 'revoked')),
    PRIMARY KEY (society, kid),
    UNIQUE (society, kid, drill)
) STRICT;
CREATE TRIGGER gateway_kind BEFORE UPDATE OF drill ON gateway WHEN OLD.drill <> NEW.drill
BEGIN SELECT RAISE(ABORT, 'gateway_kind_stays'); END;

-- Locked while a gateway's credit is handed out.
CREATE TABLE credit (
    society TEXT NOT NULL,
    drill INTEGER NOT NULL,
    PRIMARY KEY (society, drill)
) STRICT, WITHOUT ROWID;

-- import ---------------------------------------------------------------------------------------------------------

CREATE TABLE import (
    id BLOB PRIMARY KEY,
    incident BLOB NOT NULL REFERENCES incident (id),
    society TEXT NOT NULL,
    system TEXT NOT NULL,
    file_digest BLOB NOT NULL,
    manifest TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('staging', 'staged', 'applied', 'abandoned')),
    rows_read INTEGER NOT NULL DEFAULT 0,
    place INTEGER NOT NULL,
    begun_at INTEGER NOT NULL
) STRICT;
-- Two files of one register at once are imported one after the other.
CREATE UNIQUE INDEX import_one_open ON import (incident, society, system) WHERE state IN ('staging', 'staged');

CREATE TABLE staging (
    import BLOB NOT NULL,
    record_key BLOB NOT NULL,
    row_no INTEGER NOT NULL,
    content_hash BLOB NOT NULL,
    record BLOB NOT NULL,
    ephemeral BLOB NOT NULL,
    wrapped_key BLOB NOT NULL,
    identity BLOB NOT NULL,
    contact BLOB NOT NULL,
    protection BLOB NOT NULL,
    free_text BLOB NOT NULL,
    key_version INTEGER NOT NULL,
    PRIMARY KEY (import, record_key, row_no)
) STRICT;

CREATE TABLE quarantine (
    import BLOB NOT NULL,
    row_no INTEGER NOT NULL,
    column_name TEXT NOT NULL,
    reason TEXT NOT NULL,
    PRIMARY KEY (import, row_no)
) STRICT, WITHOUT ROWID;

CREATE TABLE unchanged (
    import BLOB NOT NULL,
    row_no INTEGER NOT NULL,
    record BLOB NOT NULL,
    PRIMARY KEY (import, row_no)
) STRICT, WITHOUT ROWID;

CREATE TABLE record (
    incident BLOB NOT NULL,
    id BLOB NOT NULL,
    society TEXT NOT NULL,
    version INTEGER NOT NULL,
    record_key BLOB NOT NULL,
    content_hash BLOB NOT NULL,
    import BLOB NOT NULL,
    brought_by BLOB NOT NULL,
    at INTEGER NOT NULL,
    ephemeral BLOB NOT NULL,
    wrapped_key BLOB NOT NULL,
    identity BLOB NOT NULL,
    contact BLOB NOT NULL,
    protection BLOB NOT NULL,
    free_text BLOB NOT NULL,
    key_version INTEGER NOT NULL,
    PRIMARY KEY (incident, id),
    CONSTRAINT record_key_once UNIQUE (incident, record_key)
) STRICT;

-- What an update replaced: its restrictions count until a person loosens them.
CREATE TABLE record_version (
    incident BLOB NOT NULL,
    record BLOB NOT NULL,
    version INTEGER NOT NULL,
    import BLOB NOT NULL,
    brought_by BLOB NOT NULL,
    at INTEGER NOT NULL,
    ephemeral BLOB NOT NULL,
    wrapped_key BLOB NOT NULL,
    identity BLOB NOT NULL,
    contact BLOB NOT NULL,
    protection BLOB NOT NULL,
    free_text BLOB NOT NULL,
    key_version INTEGER NOT NULL,
    PRIMARY KEY (incident, record, version)
) STRICT;

-- dedupe ---------------------------------------------------------------------------------------------------------

CREATE TABLE person (
    incident BLOB NOT NULL,
    id BLOB NOT NULL,
    facts_version INTEGER NOT NULL DEFAULT 1,
    superseded_by BLOB,
    PRIMARY KEY (incident, id)
) STRICT, WITHOUT ROWID;

-- Apart from the record, which is wide: linking again rewrites narrow rows only.
CREATE TABLE link (
    record BLOB PRIMARY KEY,
    person BLOB NOT NULL,
    incident BLOB NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX link_person ON link (person);

CREATE TABLE address (
    record BLOB NOT NULL,
    idx INTEGER NOT NULL,
    incident BLOB NOT NULL,
    version INTEGER NOT NULL,
    grp BLOB NOT NULL,
    others INTEGER NOT NULL,
    conflict INTEGER NOT NULL,
    declared_unsafe INTEGER NOT NULL,
    PRIMARY KEY (record, idx)
) STRICT, WITHOUT ROWID;
CREATE INDEX address_grp ON address (grp);

-- Groups that a receipt closed for everybody.
CREATE TABLE unsafe_group (
    grp BLOB PRIMARY KEY,
    since INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE relation (
    record BLOB NOT NULL,
    idx INTEGER NOT NULL,
    incident BLOB NOT NULL,
    person BLOB NOT NULL,
    PRIMARY KEY (record, idx)
) STRICT, WITHOUT ROWID;

CREATE TABLE candidate (
    a BLOB NOT NULL,
    b BLOB NOT NULL,
    incident BLOB NOT NULL,
    incompatible INTEGER NOT NULL,
    PRIMARY KEY (a, b)
) STRICT, WITHOUT ROWID;
CREATE INDEX candidate_b ON candidate (b);

CREATE TABLE pair (
    a BLOB NOT NULL,
    b BLOB NOT NULL,
    incident BLOB NOT NULL,
    weight_milli INTEGER NOT NULL,
    probability_milli INTEGER NOT NULL,
    outcome TEXT NOT NULL,
    evidence TEXT NOT NULL,
    PRIMARY KEY (a, b)
) STRICT;

CREATE TABLE verdict (
    incident BLOB NOT NULL,
    a BLOB NOT NULL,
    b BLOB NOT NULL,
    same INTEGER NOT NULL,
    staff BLOB NOT NULL,
    at INTEGER NOT NULL,
    PRIMARY KEY (incident, a, b)
) STRICT, WITHOUT ROWID;

CREATE TABLE statement (
    id BLOB PRIMARY KEY,
    incident BLOB NOT NULL,
    record BLOB NOT NULL,
    blob BLOB NOT NULL,
    tightening INTEGER NOT NULL,
    at INTEGER NOT NULL,
    staff BLOB NOT NULL
) STRICT;
CREATE INDEX statement_record ON statement (record);

CREATE TABLE lift (
    id BLOB PRIMARY KEY,
    incident BLOB NOT NULL,
    person BLOB NOT NULL,
    rule TEXT NOT NULL,
    routes TEXT NOT NULL,
    level TEXT NOT NULL,
    reason TEXT NOT NULL,
    expires_at INTEGER NOT NULL,
    facts_version INTEGER NOT NULL
) STRICT;
CREATE INDEX lift_person ON lift (person);

-- plan -----------------------------------------------------------------------------------------------------------

CREATE TABLE campaign (
    id BLOB PRIMARY KEY,
    incident BLOB NOT NULL,
    drill INTEGER NOT NULL,
    choice TEXT NOT NULL,
    signing_key BLOB NOT NULL,
    certificate TEXT NOT NULL,
    state TEXT NOT NULL
        CHECK (state IN ('draft', 'planned', 'approved', 'running', 'paused', 'stopped', 'closed')),
    manifest TEXT,
    action BLOB,
    launched_at INTEGER,
    open_rank INTEGER NOT NULL DEFAULT 0,
    created_at INTEGER NOT NULL,
    UNIQUE (id, drill),
    -- Only synthetic incidents are drilled, and they are only drilled.
    CONSTRAINT campaign_incident_kind FOREIGN KEY (incident, drill) REFERENCES incident (id, drill)
) STRICT;
CREATE TRIGGER campaign_kind BEFORE UPDATE OF drill ON campaign WHEN OLD.drill <> NEW.drill
BEGIN SELECT RAISE(ABORT, 'campaign_kind_stays'); END;

CREATE TABLE notification (
    id BLOB PRIMARY KEY,
    campaign BLOB NOT NULL,
    incident BLOB NOT NULL,
    person BLOB NOT NULL,
    state TEXT NOT NULL
        CHECK (state IN ('planned', 'held', 'deferred', 'approved', 'in_progress', 'reached_neutral', 'unconfirmed',
                         'informed', 'exhausted', 'withdrawn', 'superseded', 'substituted')),
    outcome INTEGER NOT NULL DEFAULT 0,
    decision_version INTEGER NOT NULL,
    approved_version INTEGER,
    facts_version INTEGER NOT NULL,
    steps_digest BLOB NOT NULL,
    plan_digest BLOB NOT NULL,
    steps INTEGER NOT NULL,
    next_step INTEGER NOT NULL,
    tries INTEGER NOT NULL DEFAULT 0,
    open_attempt BLOB,
    audience TEXT NOT NULL,
    society TEXT,
    reasons TEXT NOT NULL,
    rules TEXT NOT NULL,
    groups TEXT NOT NULL,
    valid_until INTEGER NOT NULL,
    due_at INTEGER,
    review_at INTEGER,
    rank INTEGER NOT NULL,
    CONSTRAINT notification_once UNIQUE (campaign, person)
) STRICT;

CREATE TABLE step (
    notification BLOB NOT NULL,
    decision_version INTEGER NOT NULL,
    step_no INTEGER NOT NULL,
    society TEXT NOT NULL,
    channel TEXT NOT NULL,
    level TEXT NOT NULL,
    grp BLOB,
    shared INTEGER NOT NULL,
    body TEXT NOT NULL,
    PRIMARY KEY (notification, decision_version, step_no, society, channel)
) STRICT, WITHOUT ROWID;

CREATE TABLE outside (
    campaign BLOB NOT NULL,
    person BLOB NOT NULL,
    reason TEXT NOT NULL,
    facts_version INTEGER NOT NULL,
    PRIMARY KEY (campaign, person)
) STRICT, WITHOUT ROWID;

-- What may be released, small and emptied as it goes: nothing scans a large table for work.
CREATE TABLE due (
    notification BLOB PRIMARY KEY,
    campaign BLOB NOT NULL,
    society TEXT NOT NULL,
    due_at INTEGER NOT NULL,
    rank INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX due_next ON due (campaign, society, due_at, rank);

-- release, localise, dispatch, record ----------------------------------------------------------------------------

CREATE TABLE attempt (
    id BLOB PRIMARY KEY,
    notification BLOB NOT NULL,
    decision_version INTEGER NOT NULL,
    step_no INTEGER NOT NULL,
    try_no INTEGER NOT NULL,
    society TEXT NOT NULL,
    channel TEXT NOT NULL,
    campaign BLOB NOT NULL,
    incident BLOB NOT NULL,
    drill INTEGER NOT NULL,
    state TEXT NOT NULL
        CHECK (state IN ('released', 'sealed', 'dispatched', 'accepted', 'sent', 'delivered', 'informed', 'failed',
                         'expired', 'returned', 'recalling', 'withdrawn', 'too_late', 'harmful', 'opted_out')),
    open INTEGER NOT NULL,
    holds_credit INTEGER NOT NULL,
    receipt_mask INTEGER NOT NULL DEFAULT 0,
    level TEXT NOT NULL,
    form TEXT NOT NULL,
    shared INTEGER NOT NULL,
    tried INTEGER NOT NULL DEFAULT 1,
    facts_version INTEGER NOT NULL,
    released_at INTEGER NOT NULL,
    since INTEGER NOT NULL,
    not_after INTEGER NOT NULL,
    deadline INTEGER,
    kid TEXT,
    dispatches INTEGER NOT NULL DEFAULT 0,
    void_reason TEXT,
    -- The third gate: what the planner did not permit cannot be tried, whatever the code does.
    CONSTRAINT attempt_permitted FOREIGN KEY (notification, decision_version, step_no, society, channel)
        REFERENCES step (notification, decision_version, step_no, society, channel),
    -- Campaign and key are of one kind.
    CONSTRAINT attempt_campaign_kind FOREIGN KEY (campaign, drill) REFERENCES campaign (id, drill),
    CONSTRAINT attempt_key_kind FOREIGN KEY (society, kid, drill) REFERENCES gateway (society, kid, drill),
    CONSTRAINT attempt_once UNIQUE (notification, decision_version, step_no, try_no)
) STRICT;
-- At most one open attempt per notification.
CREATE UNIQUE INDEX attempt_one_open ON attempt (notification) WHERE open;
CREATE INDEX attempt_credit ON attempt (society, drill) WHERE holds_credit;
CREATE INDEX attempt_deadline ON attempt (deadline) WHERE deadline IS NOT NULL;

-- Further notifications that one message to a shared number serves, or whose step it used up without serving them.
CREATE TABLE member (
    attempt BLOB NOT NULL,
    notification BLOB NOT NULL,
    decision_version INTEGER NOT NULL,
    step_no INTEGER NOT NULL,
    society TEXT NOT NULL,
    channel TEXT NOT NULL,
    served INTEGER NOT NULL,
    open INTEGER NOT NULL,
    PRIMARY KEY (attempt, notification, decision_version, step_no),
    CONSTRAINT member_permitted FOREIGN KEY (notification, decision_version, step_no, society, channel)
        REFERENCES step (notification, decision_version, step_no, society, channel)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX member_one_open ON member (notification) WHERE open;
CREATE INDEX member_notification ON member (notification);

-- One message per shared number and campaign.
CREATE TABLE shared_message (
    campaign BLOB NOT NULL,
    grp BLOB NOT NULL,
    attempt BLOB NOT NULL,
    PRIMARY KEY (campaign, grp)
) STRICT, WITHOUT ROWID;

CREATE TABLE message (
    attempt BLOB PRIMARY KEY,
    message_id BLOB NOT NULL,
    reference TEXT NOT NULL,
    language TEXT NOT NULL,
    not_before INTEGER NOT NULL,
    body BLOB NOT NULL
) STRICT;
CREATE INDEX message_reference ON message (reference);

CREATE TABLE receipt (
    society TEXT NOT NULL,
    id BLOB NOT NULL,
    attempt BLOB NOT NULL,
    kind TEXT NOT NULL,
    at INTEGER NOT NULL,
    code TEXT,
    source TEXT NOT NULL,
    received_at INTEGER NOT NULL,
    PRIMARY KEY (society, id)
) STRICT, WITHOUT ROWID;
CREATE TRIGGER receipt_no_update BEFORE UPDATE ON receipt BEGIN SELECT RAISE(ABORT, 'receipt_append_only'); END;
CREATE TRIGGER receipt_no_delete BEFORE DELETE ON receipt BEGIN SELECT RAISE(ABORT, 'receipt_append_only'); END;

CREATE TABLE parked_receipt (
    society TEXT NOT NULL,
    id BLOB NOT NULL,
    attempt BLOB NOT NULL,
    kind TEXT NOT NULL,
    at INTEGER NOT NULL,
    code TEXT,
    source TEXT NOT NULL,
    received_at INTEGER NOT NULL,
    PRIMARY KEY (society, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX parked_attempt ON parked_receipt (attempt);
