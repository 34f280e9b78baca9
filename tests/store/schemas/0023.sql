BEGIN TRANSACTION;
CREATE TABLE account_goals (
    guild_id INTEGER NOT NULL,
    member_id INTEGER NOT NULL,
    account_id INTEGER NOT NULL,
    target REAL NOT NULL,
    band REAL NOT NULL,
    window_days INTEGER NOT NULL,
    preset TEXT,
    PRIMARY KEY (guild_id, member_id, account_id)
) STRICT, WITHOUT ROWID;
INSERT INTO "account_goals" VALUES(11,101,2,0.4,0.1,7,'thirds');
CREATE TABLE account_numbers (
    guild_id INTEGER PRIMARY KEY,
    highest INTEGER NOT NULL CHECK (highest >= 1)
) STRICT;
INSERT INTO "account_numbers" VALUES(11,2);
CREATE TABLE account_places (
    guild_id INTEGER NOT NULL,
    channel_id INTEGER NOT NULL,
    tag_id INTEGER NOT NULL,
    account_id INTEGER NOT NULL,
    PRIMARY KEY (guild_id, channel_id, tag_id)
) STRICT, WITHOUT ROWID;
INSERT INTO "account_places" VALUES(11,10,0,1);
INSERT INTO "account_places" VALUES(11,11,77,2);
CREATE TABLE account_tallies (
    guild_id INTEGER NOT NULL,
    account_id INTEGER NOT NULL,
    local_day TEXT NOT NULL,
    content INTEGER NOT NULL CHECK (content >= 0),
    conversation INTEGER NOT NULL CHECK (conversation >= 0), content_out INTEGER NOT NULL DEFAULT 0 CHECK (content_out >= 0), conversation_out INTEGER NOT NULL DEFAULT 0 CHECK (conversation_out >= 0),
    PRIMARY KEY (guild_id, account_id, local_day)
) STRICT, WITHOUT ROWID;
INSERT INTO "account_tallies" VALUES(11,1,'2026-11-20',1,0,1,0);
CREATE TABLE accounts (
    guild_id INTEGER NOT NULL,
    account_id INTEGER NOT NULL CHECK (account_id >= 1),
    name TEXT NOT NULL,
    target REAL,
    band REAL,
    window_days INTEGER,
    preset TEXT,
    shared INTEGER NOT NULL CHECK (shared IN (0, 1)),
    counts TEXT NOT NULL DEFAULT 'drafted' CHECK (counts IN ('drafted', 'posted')),
    PRIMARY KEY (guild_id, account_id)
) STRICT, WITHOUT ROWID;
INSERT INTO "accounts" VALUES(11,1,'Fernhill on LinkedIn',0.5,0.15,28,'square-deal',1,'drafted');
INSERT INTO "accounts" VALUES(11,2,'The shop',NULL,NULL,NULL,NULL,0,'posted');
CREATE TABLE addressed (
    message_id INTEGER NOT NULL REFERENCES drafts (message_id) ON DELETE CASCADE,
    person BLOB NOT NULL,
    PRIMARY KEY (message_id, person)
) STRICT, WITHOUT ROWID;
INSERT INTO "addressed" VALUES(1001,X'6162636465666768');
CREATE TABLE changed_threads (
    thread INTEGER PRIMARY KEY,
    guild_id INTEGER NOT NULL,
    author_id INTEGER NOT NULL
) STRICT;
INSERT INTO "changed_threads" VALUES(1001,11,101);
CREATE TABLE channels (
    guild_id INTEGER NOT NULL,
    channel_id INTEGER NOT NULL,
    parent_id INTEGER,
    watched INTEGER CHECK (watched IN (0, 1)),
    cursor INTEGER, since INTEGER, unread INTEGER NOT NULL DEFAULT 0 CHECK (unread IN (0, 1)), private INTEGER CHECK (private IN (0, 1)), tags TEXT,
    PRIMARY KEY (guild_id, channel_id)
) STRICT, WITHOUT ROWID;
INSERT INTO "channels" VALUES(11,21,20,1,1001,1000,0,0,'[77]');
CREATE TABLE comebacks (
    message_id INTEGER PRIMARY KEY,
    guild_id INTEGER NOT NULL,
    author_id INTEGER NOT NULL,
    due_at INTEGER NOT NULL,
    claimed_at INTEGER
, claimed_by TEXT, channel_id INTEGER) STRICT;
INSERT INTO "comebacks" VALUES(1001,11,101,1795190460,NULL,NULL,NULL);
CREATE TABLE corrections (
    message_id INTEGER PRIMARY KEY REFERENCES drafts (message_id) ON DELETE CASCADE,
    guild_id INTEGER NOT NULL,
    author_id INTEGER NOT NULL,
    from_label TEXT,
    to_label TEXT,
    corrected_at INTEGER NOT NULL
, traits BLOB, odds REAL, taught TEXT CHECK (taught IN ('content', 'conversation'))) STRICT;
INSERT INTO "corrections" VALUES(1001,11,101,'content','content',1795176060,X'616263',0.1,'content');
CREATE TABLE decisions (
    guild_id INTEGER NOT NULL,
    author_id INTEGER NOT NULL,
    message_id INTEGER NOT NULL,
    silence TEXT,
    PRIMARY KEY (guild_id, author_id, message_id)
) STRICT, WITHOUT ROWID;
INSERT INTO "decisions" VALUES(11,101,1001,'inside');
CREATE TABLE drafts (
    message_id INTEGER PRIMARY KEY,
    guild_id INTEGER NOT NULL,
    channel_id INTEGER NOT NULL,
    author_id INTEGER NOT NULL,
    posted_at INTEGER NOT NULL,
    local_day TEXT NOT NULL,
    label TEXT CHECK (label IN ('content', 'conversation')),
    probability REAL NOT NULL CHECK (probability BETWEEN 0 AND 1),
    kind TEXT NOT NULL,
    labelled_by TEXT NOT NULL CHECK (labelled_by IN ('model', 'member')),
    length INTEGER NOT NULL,
    text_hash BLOB NOT NULL,
    text TEXT
, thought INTEGER, thread INTEGER, counts INTEGER NOT NULL DEFAULT 1 CHECK (counts IN (0, 1)), placed_by TEXT CHECK (placed_by = 'member'), continues INTEGER, unsure INTEGER NOT NULL DEFAULT 0 CHECK (unsure IN (0, 1)), account_id INTEGER NOT NULL DEFAULT 0, out_at INTEGER, counts_out INTEGER NOT NULL DEFAULT 0 CHECK (counts_out IN (0, 1))) STRICT;
INSERT INTO "drafts" VALUES(1001,11,21,101,1795176000,'2026-11-20','content',0.2,'inform','model',40,X'3132333435363738',NULL,1000,1000,1,'member',999,1,1,1795176060,1);
CREATE TABLE erased (
    guild_id INTEGER NOT NULL,
    who BLOB NOT NULL,
    upto INTEGER NOT NULL,
    PRIMARY KEY (guild_id, who)
) STRICT, WITHOUT ROWID;
INSERT INTO "erased" VALUES(11,X'00112233445566778899AABBCCDDEEFF',1441000000000000000);
CREATE TABLE guilds (
    guild_id INTEGER PRIMARY KEY,
    timezone TEXT,
    target REAL,
    band REAL,
    window_days INTEGER,
    summary_on INTEGER NOT NULL DEFAULT 1 CHECK (summary_on IN (0, 1)),
    summary_channel_id INTEGER,
    summary_at TEXT,
    summary_due INTEGER
, summary_day TEXT, left_at INTEGER, questions INTEGER CHECK (questions IN (0, 1)), preset TEXT, tell_of_figures INTEGER NOT NULL DEFAULT 0 CHECK (tell_of_figures IN (0, 1)), counts TEXT CHECK (counts IN ('drafted', 'posted')), proxies TEXT NOT NULL DEFAULT '', greeted INTEGER NOT NULL DEFAULT 0 CHECK (greeted IN (0, 1))) STRICT;
INSERT INTO "guilds" VALUES(11,'Europe/Berlin',0.5,0.15,14,1,21,'18:00',1795280400,'2026-11-21',1795290000,1,'thirds',1,'posted','41 42',1);
CREATE TABLE imports (
    guild_id INTEGER NOT NULL,
    member_id INTEGER NOT NULL,
    import_id INTEGER NOT NULL,
    account_id INTEGER NOT NULL,
    source TEXT NOT NULL,
    file_hash BLOB NOT NULL,
    imported_at INTEGER NOT NULL,
    left_out INTEGER NOT NULL CHECK (left_out >= 0),
    PRIMARY KEY (guild_id, member_id, import_id)
) STRICT, WITHOUT ROWID;
INSERT INTO "imports" VALUES(11,101,9001,1,'Mastodon',X'0102',1764500000,3);
CREATE TABLE members (
    guild_id INTEGER NOT NULL,
    member_id INTEGER NOT NULL,
    timezone TEXT,
    target REAL,
    band REAL,
    window_days INTEGER,
    nudge_where TEXT CHECK (nudge_where IN ('reply', 'dm', 'summary', 'off')),
    snoozed_until INTEGER,
    quiet_from TEXT,
    quiet_until TEXT,
    paused INTEGER NOT NULL DEFAULT 0 CHECK (paused IN (0, 1)),
    summary_where TEXT NOT NULL DEFAULT 'server' CHECK (summary_where IN ('server', 'dm', 'off')),
    summary_at TEXT,
    summary_due INTEGER, nudge_gap_hours REAL, weekly_on INTEGER CHECK (weekly_on BETWEEN 0 AND 6), summary_day TEXT, read_after INTEGER, dm TEXT CHECK (dm IN ('refused', 'told')), trial INTEGER CHECK (trial IN (0, 1)), preset TEXT, question_where TEXT CHECK (question_where IN ('reply', 'dm', 'history', 'off')), shows_figures INTEGER NOT NULL DEFAULT 0 CHECK (shows_figures IN (0, 1)), comes_back INTEGER NOT NULL DEFAULT 0 CHECK (comes_back IN (0, 1)), welcomed INTEGER NOT NULL DEFAULT 0 CHECK (welcomed IN (0, 1)),
    PRIMARY KEY (guild_id, member_id)
) STRICT, WITHOUT ROWID;
INSERT INTO "members" VALUES(11,101,'Europe/Berlin',0.5,0.15,14,'reply',1795176500,'22:00','07:00',0,'server','18:00',1795280400,8.0,0,'2026-11-21',1573281752678399999,'told',0,'five-five-five','off',1,1,1);
CREATE TABLE nudges (
    message_id INTEGER PRIMARY KEY,
    guild_id INTEGER NOT NULL,
    author_id INTEGER NOT NULL,
    shown_at INTEGER NOT NULL,
    tip TEXT NOT NULL,
    lacking TEXT NOT NULL CHECK (lacking IN ('content', 'conversation')),
    heeded INTEGER CHECK (heeded IN (0, 1))
, followed TEXT NOT NULL DEFAULT '') STRICT;
INSERT INTO "nudges" VALUES(1001,11,101,1795176061,'a-tip','conversation',1,'content');
CREATE TABLE occasions (
    message_id INTEGER PRIMARY KEY,
    guild_id INTEGER NOT NULL,
    author_id INTEGER NOT NULL,
    due_at INTEGER NOT NULL,
    lacking TEXT NOT NULL CHECK (lacking IN ('content', 'conversation')),
    chance REAL NOT NULL CHECK (chance > 0 AND chance < 1),
    held_back INTEGER NOT NULL CHECK (held_back IN (0, 1)),
    heeded INTEGER CHECK (heeded IN (0, 1))
) STRICT;
INSERT INTO "occasions" VALUES(1001,11,101,1795176000,'conversation',0.1,1,0);
CREATE TABLE other_languages (
    guild_id INTEGER NOT NULL,
    author_id INTEGER NOT NULL,
    channel_id INTEGER NOT NULL,
    message_id INTEGER NOT NULL,
    PRIMARY KEY (guild_id, author_id, channel_id)
) STRICT, WITHOUT ROWID;
INSERT INTO "other_languages" VALUES(11,101,21,1001);
CREATE TABLE passed_tips (
    message_id INTEGER NOT NULL REFERENCES nudges (message_id) ON DELETE CASCADE,
    tip TEXT NOT NULL,
    guild_id INTEGER NOT NULL,
    author_id INTEGER NOT NULL,
    PRIMARY KEY (message_id, tip)
) STRICT, WITHOUT ROWID;
INSERT INTO "passed_tips" VALUES(1001,'a-tip',11,101);
CREATE TABLE past_months (
    guild_id INTEGER NOT NULL,
    member_id INTEGER NOT NULL,
    import_id INTEGER NOT NULL,
    month TEXT NOT NULL,
    replies INTEGER NOT NULL CHECK (replies >= 0),
    reposts INTEGER NOT NULL CHECK (reposts >= 0),
    judged INTEGER NOT NULL CHECK (judged >= 0),
    expected REAL NOT NULL,
    variance REAL NOT NULL,
    threads INTEGER NOT NULL CHECK (threads >= 0),
    unread INTEGER NOT NULL CHECK (unread >= 0),
    PRIMARY KEY (guild_id, member_id, import_id, month)
) STRICT, WITHOUT ROWID;
INSERT INTO "past_months" VALUES(11,101,9001,'2023-01',2,1,5,1.5,0.75,1,2);
CREATE TABLE program (
    name TEXT PRIMARY KEY,
    value TEXT NOT NULL
) STRICT, WITHOUT ROWID;
INSERT INTO "program" VALUES('commands of 1','digest');
CREATE TABLE questions_asked (
    guild_id INTEGER NOT NULL,
    author_id INTEGER NOT NULL,
    local_day TEXT NOT NULL,
    times INTEGER NOT NULL CHECK (times >= 0),
    PRIMARY KEY (guild_id, author_id)
) STRICT, WITHOUT ROWID;
INSERT INTO "questions_asked" VALUES(11,101,'2026-11-20',2);
CREATE TABLE removed_drafts (
    message_id INTEGER PRIMARY KEY,
    guild_id INTEGER NOT NULL,
    author_id INTEGER NOT NULL,
    removed_at INTEGER NOT NULL,
    record TEXT NOT NULL
) STRICT;
INSERT INTO "removed_drafts" VALUES(5,11,101,1795176000,'{"drafts": []}');
CREATE TABLE "replies" (
    message_id INTEGER NOT NULL,
    guild_id INTEGER NOT NULL,
    author_id INTEGER NOT NULL,
    says TEXT NOT NULL CHECK (says IN ('question', 'nudge', 'word', 'comeback')),
    channel_id INTEGER,
    reply_id INTEGER,
    over INTEGER NOT NULL DEFAULT 0 CHECK (over IN (0, 1)),
    PRIMARY KEY (message_id, says)
) STRICT, WITHOUT ROWID;
INSERT INTO "replies" VALUES(1001,11,101,'question',21,1002,0);
CREATE TABLE schema_migrations (version INTEGER PRIMARY KEY, name TEXT NOT NULL, applied_at TEXT NOT NULL) STRICT;
INSERT INTO "schema_migrations" VALUES(1,'0001_initial','2026-11-20T00:00:00+00:00');
INSERT INTO "schema_migrations" VALUES(2,'0002_lessons','2026-11-20T00:00:00+00:00');
INSERT INTO "schema_migrations" VALUES(3,'0003_coaching','2026-11-20T00:00:00+00:00');
INSERT INTO "schema_migrations" VALUES(4,'0004_catching_up','2026-11-20T00:00:00+00:00');
INSERT INTO "schema_migrations" VALUES(5,'0005_leaving','2026-11-20T00:00:00+00:00');
INSERT INTO "schema_migrations" VALUES(6,'0006_server_tallies','2026-11-20T12:00:00+00:00');
INSERT INTO "schema_migrations" VALUES(7,'0007_removals','2026-11-20T12:00:00+00:00');
INSERT INTO "schema_migrations" VALUES(8,'0008_erased','2026-11-20T12:00:00+00:00');
INSERT INTO "schema_migrations" VALUES(9,'0009_summary_channels','2026-11-20T12:00:00+00:00');
INSERT INTO "schema_migrations" VALUES(10,'0010_replies','2026-11-20T12:00:00+00:00');
INSERT INTO "schema_migrations" VALUES(11,'0011_questions_and_shown_tips','2026-11-20T12:00:00+00:00');
INSERT INTO "schema_migrations" VALUES(12,'0012_other_languages','2026-11-30T17:02:22.167193+00:00');
INSERT INTO "schema_migrations" VALUES(13,'0013_thoughts','2026-11-20T12:00:00+00:00');
INSERT INTO "schema_migrations" VALUES(14,'0014_trial','2026-11-20T12:00:00+00:00');
INSERT INTO "schema_migrations" VALUES(15,'0015_presets','2026-11-20T12:00:00+00:00');
INSERT INTO "schema_migrations" VALUES(16,'0016_answers','2026-11-20T12:00:00+00:00');
INSERT INTO "schema_migrations" VALUES(17,'0017_accounts','2026-11-30T21:37:06.221379+00:00');
INSERT INTO "schema_migrations" VALUES(18,'0018_posted','2026-11-20T12:00:00+00:00');
INSERT INTO "schema_migrations" VALUES(19,'0019_proxies','2026-11-20T12:00:00+00:00');
INSERT INTO "schema_migrations" VALUES(20,'0020_arrival','2026-11-20T12:00:00+00:00');
INSERT INTO "schema_migrations" VALUES(21,'0021_past','2026-11-20T12:00:00+00:00');
INSERT INTO "schema_migrations" VALUES(22,'0022_account_numbers','2026-11-20T12:00:00+00:00');
INSERT INTO "schema_migrations" VALUES(23,'0023_claims','2026-11-20T12:00:00+00:00');
CREATE TABLE server_tallies (
    guild_id INTEGER NOT NULL,
    local_day TEXT NOT NULL,
    content INTEGER NOT NULL CHECK (content >= 0),
    conversation INTEGER NOT NULL CHECK (conversation >= 0), content_out INTEGER NOT NULL DEFAULT 0 CHECK (content_out >= 0), conversation_out INTEGER NOT NULL DEFAULT 0 CHECK (conversation_out >= 0),
    PRIMARY KEY (guild_id, local_day)
) STRICT, WITHOUT ROWID;
INSERT INTO "server_tallies" VALUES(11,'2026-11-20',1,0,1,0);
CREATE TABLE server_tips (
    guild_id INTEGER PRIMARY KEY,
    source TEXT NOT NULL
) STRICT;
INSERT INTO "server_tips" VALUES(11,'tips: []');
CREATE TABLE shown_tips (
    guild_id INTEGER NOT NULL,
    member_id INTEGER NOT NULL,
    tip TEXT NOT NULL,
    times INTEGER NOT NULL CHECK (times > 0),
    PRIMARY KEY (guild_id, member_id, tip)
) STRICT, WITHOUT ROWID;
INSERT INTO "shown_tips" VALUES(11,101,'a-tip',2);
CREATE TABLE sketches (
    message_id INTEGER PRIMARY KEY REFERENCES drafts (message_id) ON DELETE CASCADE,
    guild_id INTEGER NOT NULL,
    author_id INTEGER NOT NULL,
    posted_at INTEGER NOT NULL,
    sketch BLOB NOT NULL,
    part INTEGER,
    parts INTEGER,
    named INTEGER NOT NULL CHECK (named IN (0, 1))
) STRICT;
INSERT INTO "sketches" VALUES(1001,11,101,1795176000,X'0102',2,5,1);
CREATE TABLE summaries (
    guild_id INTEGER NOT NULL,
    member_id INTEGER NOT NULL,
    local_date TEXT NOT NULL,
    claimed_at INTEGER NOT NULL,
    sent_at INTEGER, channel_id INTEGER, claimed_by TEXT,
    PRIMARY KEY (guild_id, member_id, local_date)
) STRICT, WITHOUT ROWID;
INSERT INTO "summaries" VALUES(11,101,'2026-11-20',1795200000,1795200001,10,'0011223344556677');
CREATE TABLE "tallies" (
    guild_id INTEGER NOT NULL,
    author_id INTEGER NOT NULL,
    local_day TEXT NOT NULL,
    account_id INTEGER NOT NULL DEFAULT 0,
    content INTEGER NOT NULL DEFAULT 0 CHECK (content >= 0),
    conversation INTEGER NOT NULL DEFAULT 0 CHECK (conversation >= 0), content_out INTEGER NOT NULL DEFAULT 0 CHECK (content_out >= 0), conversation_out INTEGER NOT NULL DEFAULT 0 CHECK (conversation_out >= 0),
    PRIMARY KEY (guild_id, author_id, local_day, account_id)
) STRICT, WITHOUT ROWID;
INSERT INTO "tallies" VALUES(11,101,'2026-11-20',1,1,0,1,0);
CREATE TABLE undos (
    message_id INTEGER PRIMARY KEY REFERENCES drafts (message_id) ON DELETE CASCADE,
    guild_id INTEGER NOT NULL,
    author_id INTEGER NOT NULL,
    change TEXT NOT NULL,
    label TEXT CHECK (label IN ('content', 'conversation')),
    labelled_by TEXT NOT NULL CHECK (labelled_by IN ('model', 'member')),
    from_label TEXT,
    to_label TEXT,
    corrected_at INTEGER,
    traits BLOB,
    odds REAL,
    taught TEXT CHECK (taught IN ('content', 'conversation'))
) STRICT;
INSERT INTO "undos" VALUES(1001,11,101,'click-1','content','model','content','conversation',1795200000,X'01',0.5,'conversation');
CREATE INDEX guilds_summary_due ON guilds (summary_due) WHERE summary_due IS NOT NULL;
CREATE INDEX members_summary_due ON members (summary_due) WHERE summary_due IS NOT NULL;
CREATE INDEX drafts_by_author ON drafts (guild_id, author_id, local_day);
CREATE INDEX drafts_by_channel ON drafts (channel_id);
CREATE INDEX corrections_by_author ON corrections (guild_id, author_id);
CREATE INDEX nudges_by_author ON nudges (guild_id, author_id, shown_at);
CREATE INDEX nudges_by_tip ON nudges (guild_id, tip, heeded);
CREATE INDEX passed_tips_by_author ON passed_tips (guild_id, author_id, tip);
CREATE INDEX members_outside_summary ON members (guild_id, summary_where) WHERE summary_where <> 'server';
CREATE INDEX removed_drafts_by_author ON removed_drafts (guild_id, author_id);
CREATE INDEX drafts_with_text ON drafts (message_id) WHERE text IS NOT NULL;
CREATE INDEX drafts_by_thought ON drafts (thought) WHERE thought IS NOT NULL;
CREATE INDEX drafts_by_thread ON drafts (thread) WHERE thread IS NOT NULL;
CREATE INDEX drafts_by_continued ON drafts (continues) WHERE continues IS NOT NULL;
CREATE INDEX sketches_by_author ON sketches (guild_id, author_id);
CREATE INDEX changed_threads_by_author ON changed_threads (guild_id, author_id);
CREATE INDEX occasions_by_author ON occasions (guild_id, author_id, message_id);
CREATE INDEX undos_by_author ON undos (guild_id, author_id);
CREATE UNIQUE INDEX accounts_by_name ON accounts (guild_id, name COLLATE NOCASE);
CREATE INDEX drafts_by_account ON drafts (guild_id, account_id) WHERE account_id <> 0;
CREATE INDEX tallies_by_day ON tallies (guild_id, local_day);
CREATE INDEX members_showing_figures ON members (guild_id, member_id) WHERE shows_figures = 1;
CREATE TRIGGER tallies_added AFTER INSERT ON tallies BEGIN
    INSERT INTO server_tallies (guild_id, local_day, content, conversation, content_out, conversation_out)
    VALUES (new.guild_id, new.local_day, new.content, new.conversation, new.content_out, new.conversation_out)
    ON CONFLICT (guild_id, local_day) DO UPDATE
    SET content = content + excluded.content, conversation = conversation + excluded.conversation,
        content_out = content_out + excluded.content_out,
        conversation_out = conversation_out + excluded.conversation_out;
END;
CREATE TRIGGER tallies_changed AFTER UPDATE OF content, conversation, content_out, conversation_out ON tallies BEGIN
    UPDATE server_tallies
    SET content = content + new.content - old.content, conversation = conversation + new.conversation - old.conversation,
        content_out = content_out + new.content_out - old.content_out,
        conversation_out = conversation_out + new.conversation_out - old.conversation_out
    WHERE guild_id = new.guild_id AND local_day = new.local_day;
END;
CREATE TRIGGER tallies_removed AFTER DELETE ON tallies BEGIN
    UPDATE server_tallies SET content = content - old.content, conversation = conversation - old.conversation,
        content_out = content_out - old.content_out, conversation_out = conversation_out - old.conversation_out
    WHERE guild_id = old.guild_id AND local_day = old.local_day;
    DELETE FROM server_tallies
    WHERE guild_id = old.guild_id AND local_day = old.local_day AND content = 0 AND conversation = 0;
END;
CREATE TRIGGER account_tallies_added AFTER INSERT ON tallies WHEN new.account_id <> 0 BEGIN
    INSERT INTO account_tallies
    (guild_id, account_id, local_day, content, conversation, content_out, conversation_out)
    VALUES (new.guild_id, new.account_id, new.local_day, new.content, new.conversation, new.content_out,
        new.conversation_out)
    ON CONFLICT (guild_id, account_id, local_day) DO UPDATE
    SET content = content + excluded.content, conversation = conversation + excluded.conversation,
        content_out = content_out + excluded.content_out,
        conversation_out = conversation_out + excluded.conversation_out;
END;
CREATE TRIGGER account_tallies_changed AFTER UPDATE OF content, conversation, content_out, conversation_out ON tallies
WHEN new.account_id <> 0 BEGIN
    UPDATE account_tallies
    SET content = content + new.content - old.content, conversation = conversation + new.conversation - old.conversation,
        content_out = content_out + new.content_out - old.content_out,
        conversation_out = conversation_out + new.conversation_out - old.conversation_out
    WHERE guild_id = new.guild_id AND account_id = new.account_id AND local_day = new.local_day;
END;
CREATE TRIGGER account_tallies_removed AFTER DELETE ON tallies WHEN old.account_id <> 0 BEGIN
    UPDATE account_tallies SET content = content - old.content, conversation = conversation - old.conversation,
        content_out = content_out - old.content_out, conversation_out = conversation_out - old.conversation_out
    WHERE guild_id = old.guild_id AND account_id = old.account_id AND local_day = old.local_day;
    DELETE FROM account_tallies
    WHERE guild_id = old.guild_id AND account_id = old.account_id AND local_day = old.local_day
    AND content = 0 AND conversation = 0;
END;
CREATE INDEX comebacks_due ON comebacks (due_at) WHERE claimed_at IS NULL;
CREATE INDEX comebacks_by_author ON comebacks (guild_id, author_id, claimed_at);
CREATE INDEX replies_over ON replies (guild_id) WHERE over = 1;
CREATE INDEX replies_by_author ON replies (guild_id, author_id);
CREATE INDEX replies_unanswered ON replies (message_id) WHERE says = 'comeback' AND reply_id IS NULL;
COMMIT;
