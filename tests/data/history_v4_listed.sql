-- A history as version 4 wrote it; see tests/unit/test_store_summaries.py.
BEGIN TRANSACTION;
CREATE TABLE attachment (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        message_id INTEGER NOT NULL REFERENCES message (id) ON DELETE CASCADE,
        detail TEXT NOT NULL,
        sent_sha256 TEXT REFERENCES image (sha256),
        tokens INTEGER,
        cost_usd TEXT,
        left_out INTEGER NOT NULL DEFAULT 0,
        source_path BLOB NOT NULL,
        source_name TEXT NOT NULL,
        source_sha256 TEXT NOT NULL,
        source_bytes INTEGER NOT NULL,
        source_modified_ns INTEGER NOT NULL,
        source_format TEXT NOT NULL,
        source_width_px INTEGER NOT NULL,
        source_height_px INTEGER NOT NULL,
        source_frames INTEGER NOT NULL,
        source_has_alpha INTEGER NOT NULL,
        source_camera TEXT,
        source_taken_at TEXT,
        source_metadata TEXT NOT NULL
    , source_page INTEGER NOT NULL DEFAULT 0, source_lens TEXT, edits TEXT NOT NULL DEFAULT '', note TEXT NOT NULL DEFAULT '', url TEXT, once INTEGER NOT NULL DEFAULT 0, stand_in TEXT NOT NULL DEFAULT '') STRICT
    ;
INSERT INTO "attachment" VALUES(1,1,'high','a8708952cddf434cc87afdcbee42816f02c54d0ccccd81f52ad4ca6d0b596b6e',765,'0.0011',1,X'2F70696374757265732F6C616B652E6A7067','lake.jpg','cccba978b0d7b4c0e651f725c4eea3983d00c0aac5ba1df83726da5f7021471a',214000,1790000000123456789,'JPEG',560,820,1,0,'Nikon Z 8','2026:10:03 09:41:00','["exif", "gps"]',0,'NIKKOR Z 50 mm','','',NULL,0,'');
INSERT INTO "attachment" VALUES(2,1,'high','9e85aa95f04db5f108534e48b63e75e8045a7ecab59988405e70a9260300a0d6',765,'0.0012',0,X'2F70696374757265732F726563656970742E6A7067','receipt.jpg','0cfb9d37ac337fcb3431dc43c6ce1438deb9755a49c413aa9506971d1395d973',214000,1790000000123456789,'JPEG',560,820,1,0,NULL,NULL,'[]',0,NULL,'{"crop": [10, 20, 400, 600], "quarter_turns": 1, "marks": [{"callout": [50.0, 60.0], "text": "the total"}, {"arrow": [1.0, 2.0, 30.0, 40.0]}], "blackouts": [[100, 100, 200, 140]]}','numbered circles: 1 = the total',NULL,0,'');
INSERT INTO "attachment" VALUES(3,5,'auto','8f3b19da5051cb5766c85254ab772a4f62d3c3226f280a4af18b051c07ab87fe',0,NULL,0,X'2F70696374757265732F7363616E2E706466','scan.pdf','900db3ec3bae665c4655646b584de4b76db637cb94a959a2ebb7a5fa5534aae6',214000,1790000000123456789,'PDF',560,820,12,0,NULL,NULL,'[]',4,NULL,'','',NULL,0,'');
CREATE TABLE conversation (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        title TEXT NOT NULL,
        created_at TEXT NOT NULL
    , leaf_id INTEGER, options TEXT NOT NULL DEFAULT '', pinned INTEGER NOT NULL DEFAULT 0, archived INTEGER NOT NULL DEFAULT 0, deleted_at TEXT) STRICT
    ;
INSERT INTO "conversation" VALUES(1,'What is the total?','2026-10-03T12:00:00+00:00',4,'',1,0,NULL);
INSERT INTO "conversation" VALUES(2,'Copy the text','2026-10-03T12:00:00+00:00',8,'',0,0,NULL);
CREATE TABLE draft (
        conversation_id INTEGER PRIMARY KEY,
        text TEXT NOT NULL,
        detail TEXT NOT NULL,
        model TEXT
    ) STRICT
    ;
INSERT INTO "draft" VALUES(0,'half','high','gpt-5-mini');
CREATE TABLE draft_image (
        id INTEGER PRIMARY KEY,
        conversation_id INTEGER NOT NULL REFERENCES draft (conversation_id) ON DELETE CASCADE,
        path BLOB NOT NULL,
        sha256 TEXT NOT NULL,
        detail TEXT
    , page INTEGER NOT NULL DEFAULT 0, edits TEXT NOT NULL DEFAULT '') STRICT
    ;
INSERT INTO "draft_image" VALUES(1,0,X'2F70696374757265732FFF206EC3BC2E706466','abababababababababababababababababababababababababababababababab','low',2,'{"crop": [10, 20, 400, 600], "quarter_turns": 1, "marks": [{"callout": [50.0, 60.0], "text": "the total"}, {"arrow": [1.0, 2.0, 30.0, 40.0]}], "blackouts": [[100, 100, 200, 140]]}');
CREATE TABLE found_text (source_id TEXT PRIMARY KEY, text TEXT NOT NULL) STRICT, WITHOUT ROWID;
INSERT INTO "found_text" VALUES('bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb','Invoice 7, total 23.10');
CREATE TABLE gallery_item (
        file INTEGER NOT NULL,
        page INTEGER NOT NULL,
        path BLOB NOT NULL,
        detail TEXT,
        edits TEXT NOT NULL DEFAULT '',
        edited_sha256 TEXT,
        url TEXT,
        as_link INTEGER NOT NULL DEFAULT 0, once INTEGER,
        PRIMARY KEY (file, page)
    ) STRICT, WITHOUT ROWID
    ;
INSERT INTO "gallery_item" VALUES(1,0,X'2F70696374757265732F6C616B652E6A7067','low','{"crop": [1, 2, 300, 400]}','aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa',NULL,0,NULL);
INSERT INTO "gallery_item" VALUES(2,0,X'2F646F776E6C6F6164732F63686172742E706E67',NULL,'',NULL,'https://example.org/chart.png',1,NULL);
CREATE TABLE held_image (
        id INTEGER PRIMARY KEY,
        sha256 TEXT NOT NULL REFERENCES image (sha256) ON DELETE CASCADE,
        owner TEXT NOT NULL
    ) STRICT
    ;
CREATE TABLE image (
        sha256 TEXT PRIMARY KEY,
        media_type TEXT NOT NULL,
        width_px INTEGER NOT NULL,
        height_px INTEGER NOT NULL,
        size_bytes INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID
    ;
INSERT INTO "image" VALUES('8f3b19da5051cb5766c85254ab772a4f62d3c3226f280a4af18b051c07ab87fe','image/png',560,820,10);
INSERT INTO "image" VALUES('9e85aa95f04db5f108534e48b63e75e8045a7ecab59988405e70a9260300a0d6','image/png',560,820,13);
INSERT INTO "image" VALUES('a8708952cddf434cc87afdcbee42816f02c54d0ccccd81f52ad4ca6d0b596b6e','image/png',560,820,10);
CREATE TABLE message (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        conversation_id INTEGER NOT NULL REFERENCES conversation (id) ON DELETE CASCADE,
        role TEXT NOT NULL,
        text TEXT NOT NULL,
        text_sha256 TEXT,
        state TEXT NOT NULL,
        created_at TEXT NOT NULL,
        model TEXT,
        provider TEXT,
        problem_code TEXT,
        problem_parameters TEXT,
        seconds REAL,
        shareable_text TEXT,
        owner TEXT
    , parent_id INTEGER, options TEXT NOT NULL DEFAULT '', comparison INTEGER) STRICT
    ;
INSERT INTO "message" VALUES(1,1,'user','What is the total?','23b14bcb49f064fb64a8318fe6f053faa06b77321694ce5c951a651b9f8af8f2','complete','2026-10-03T12:00:00+00:00','gpt-5-mini',NULL,NULL,NULL,NULL,NULL,NULL,NULL,'',NULL);
INSERT INTO "message" VALUES(2,1,'assistant','**$23.10**','cab4ce82d7b95e50e81aaf118f8d99d7ef2d40971c0cfcbd55f578483531eab5','complete','2026-10-03T12:00:00+00:00','gpt-5-mini','openai',NULL,NULL,2.4,NULL,NULL,1,'',NULL);
INSERT INTO "message" VALUES(3,1,'user','And the tip?','d4a741186d9b0aca40959d71becaec6088e85c54b38db662a940bc2f66e70f69','complete','2026-10-03T12:00:00+00:00','gpt-5-mini',NULL,NULL,NULL,NULL,NULL,NULL,2,'',NULL);
INSERT INTO "message" VALUES(4,1,'assistant','No tip.','d964813c74bd1e076f63b2e55843c14c1003a3a7c82f835859e9d6eae490a34a','complete','2026-10-03T12:00:00+00:00','gpt-5-mini','openai',NULL,NULL,2.4,NULL,NULL,3,'',NULL);
INSERT INTO "message" VALUES(5,2,'user','Copy the text','a9c0e5986f53d46b47ac6507f22540f3070ce737930d521ceb8e6d63dd9ed909','complete','2026-10-03T12:00:00+00:00','gpt-5-mini',NULL,NULL,NULL,NULL,NULL,NULL,NULL,'',NULL);
INSERT INTO "message" VALUES(6,2,'assistant','Invoice 7','a8af23773d685ffeb678239024ebb03d39dbd773f0e9c34c475ebc238e440244','complete','2026-10-03T12:00:00+00:00','on-device','on-device',NULL,NULL,2.4,NULL,NULL,5,'',NULL);
INSERT INTO "message" VALUES(7,2,'user','And this?','7e0aa110723f8fd584b8fab567cac118daa42ff4426b9bba3b1523afe020ebc1','complete','2026-10-03T12:00:00+00:00','gpt-5-mini',NULL,NULL,NULL,NULL,NULL,NULL,6,'',NULL);
INSERT INTO "message" VALUES(8,2,'assistant','','e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855','failed','2026-10-03T12:00:00+00:00','gpt-5-mini','openai','unexpected','{}',2.4,NULL,NULL,7,'',NULL);
CREATE TABLE remembered (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;
INSERT INTO "remembered" VALUES('open_conversation','1');
CREATE TABLE tag (
        conversation_id INTEGER NOT NULL REFERENCES conversation (id) ON DELETE CASCADE,
        name TEXT NOT NULL,
        PRIMARY KEY (conversation_id, name)
    ) STRICT, WITHOUT ROWID
    ;
INSERT INTO "tag" VALUES(1,'receipts');
CREATE TABLE usage (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        message_id INTEGER UNIQUE REFERENCES message (id) ON DELETE SET NULL,
        created_at TEXT NOT NULL,
        provider TEXT NOT NULL,
        model TEXT NOT NULL,
        detail TEXT,
        images INTEGER NOT NULL,
        sent_bytes INTEGER NOT NULL,
        estimate_usd TEXT,
        prompt_tokens INTEGER,
        completion_tokens INTEGER,
        cached_tokens INTEGER,
        cache_write_tokens INTEGER,
        image_tokens INTEGER,
        reasoning_tokens INTEGER,
        reported INTEGER,
        charged_usd TEXT,
        cost_usd TEXT,
        seconds REAL
    , expected_text_tokens INTEGER, expected_image_tokens INTEGER, planned_image_tokens INTEGER, expected_answer_tokens INTEGER) STRICT
    ;
INSERT INTO "usage" VALUES(1,2,'2026-10-03T12:00:00+00:00','openai','gpt-5-mini','high',2,23,'0.0034',800,12,0,0,NULL,0,1,NULL,'0.0031',2.4,40,1530,1500,100);
INSERT INTO "usage" VALUES(2,4,'2026-10-03T12:00:00+00:00','openai','gpt-5-mini','high',2,23,NULL,800,12,0,0,NULL,0,1,NULL,'0.0020',2.4,80,1530,1500,NULL);
INSERT INTO "usage" VALUES(3,6,'2026-10-03T12:00:00+00:00','on-device','on-device','',1,10,NULL,0,0,0,0,NULL,0,1,NULL,'0',2.4,NULL,NULL,NULL,NULL);
INSERT INTO "usage" VALUES(4,8,'2026-10-03T12:00:00+00:00','openai','gpt-5-mini','high',1,10,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,2.4,NULL,NULL,NULL,NULL);
INSERT INTO "usage" VALUES(5,NULL,'2026-10-03T12:00:00+00:00','openai','gpt-5-mini','high',1,10,'0.001',800,12,0,0,NULL,0,1,NULL,'0.0009',2.4,NULL,NULL,NULL,NULL);
CREATE TABLE usage_image (
        id INTEGER PRIMARY KEY,
        usage_id INTEGER NOT NULL REFERENCES usage (id) ON DELETE CASCADE,
        attachment_id INTEGER NOT NULL,
        detail TEXT NOT NULL,
        carried INTEGER NOT NULL,
        tokens INTEGER,
        cost_usd TEXT,
        sent_bytes INTEGER NOT NULL,
        source_bytes INTEGER NOT NULL
    ) STRICT
    ;
INSERT INTO "usage_image" VALUES(1,1,1,'high',0,765,'0.0011',10,214000);
INSERT INTO "usage_image" VALUES(2,1,2,'high',0,765,'0.0012',13,214000);
INSERT INTO "usage_image" VALUES(3,2,1,'high',1,765,'0.0004',10,214000);
INSERT INTO "usage_image" VALUES(4,2,2,'high',1,765,'0.0005',13,214000);
INSERT INTO "usage_image" VALUES(5,3,3,'',0,0,'0',10,214000);
INSERT INTO "usage_image" VALUES(6,4,3,'high',1,0,NULL,10,214000);
INSERT INTO "usage_image" VALUES(7,5,4,'high',0,765,'0.0007',10,214000);
CREATE TABLE watched_folder (path BLOB PRIMARY KEY) STRICT, WITHOUT ROWID;
INSERT INTO "watched_folder" VALUES(X'2F7069637475726573');
CREATE INDEX message_of_conversation ON message (conversation_id, id);
CREATE INDEX message_running ON message (owner) WHERE state = 'running';
CREATE INDEX held_image_of_image ON held_image (sha256);
CREATE INDEX attachment_of_message ON attachment (message_id, id);
CREATE INDEX attachment_of_image ON attachment (sent_sha256);
CREATE INDEX usage_by_time ON usage (created_at);
CREATE INDEX draft_image_of_draft ON draft_image (conversation_id, id);
CREATE INDEX usage_of_model ON usage (provider, model, id);
CREATE INDEX usage_image_of_usage ON usage_image (usage_id);
CREATE INDEX usage_image_of_attachment ON usage_image (attachment_id, usage_id, cost_usd);
CREATE INDEX attachment_of_source ON attachment (source_sha256, source_page, message_id);
DELETE FROM "sqlite_sequence";
INSERT INTO "sqlite_sequence" VALUES('conversation',3);
INSERT INTO "sqlite_sequence" VALUES('message',10);
INSERT INTO "sqlite_sequence" VALUES('attachment',4);
INSERT INTO "sqlite_sequence" VALUES('usage',5);
COMMIT;
PRAGMA user_version = 4;
