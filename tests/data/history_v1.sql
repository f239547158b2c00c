-- A history as version 1 of the file wrote it: dumped from one that its code had made.
PRAGMA user_version = 1;
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
        source_latitude REAL,
        source_longitude REAL,
        source_metadata TEXT NOT NULL
    ) STRICT
    ;
INSERT INTO "attachment" VALUES(1,1,'high','6f021f0268d5dd0d4e286ad5202f57335f2a8cc568704c4f7865c97879443ef8',0,NULL,0,X'2F70696374757265732F6C616B652E6A7067','lake.jpg','cccba978b0d7b4c0e651f725c4eea3983d00c0aac5ba1df83726da5f7021471a',214000,1790000000123456789,'JPEG',560,820,1,0,'Nikon Z 8',NULL,47.605123,9.450456,'["exif", "gps"]');
INSERT INTO "attachment" VALUES(2,3,'high','6f021f0268d5dd0d4e286ad5202f57335f2a8cc568704c4f7865c97879443ef8',0,NULL,0,X'2F70696374757265732F6C616B652E6A7067','lake.jpg','cccba978b0d7b4c0e651f725c4eea3983d00c0aac5ba1df83726da5f7021471a',214000,1790000000123456789,'JPEG',560,820,1,0,'Nikon Z 8',NULL,47.605123,9.450456,'["exif", "gps"]');
INSERT INTO "attachment" VALUES(3,5,'high','6f021f0268d5dd0d4e286ad5202f57335f2a8cc568704c4f7865c97879443ef8',765,'0.0011',0,X'2F70696374757265732F6C616B652E6A7067','lake.jpg','cccba978b0d7b4c0e651f725c4eea3983d00c0aac5ba1df83726da5f7021471a',214000,1790000000123456789,'JPEG',560,820,1,0,'Nikon Z 8',NULL,47.605123,9.450456,'["exif", "gps"]');
INSERT INTO "attachment" VALUES(4,5,'high','6f32860910ca0fb2a20c7fda143666b09dbf8db5238195c90a586fb542ff0cad',765,'0.0012',0,X'2F70696374757265732F726563656970742E6A7067','receipt.jpg','0cfb9d37ac337fcb3431dc43c6ce1438deb9755a49c413aa9506971d1395d973',214000,1790000000123456789,'JPEG',560,820,1,0,NULL,NULL,NULL,NULL,'[]');
CREATE TABLE conversation (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        title TEXT NOT NULL,
        created_at TEXT NOT NULL
    ) STRICT
    ;
INSERT INTO "conversation" VALUES(1,'Where was this taken?','2026-10-03T12:00:00+00:00');
INSERT INTO "conversation" VALUES(2,'What is the total?','2026-10-03T12:00:00+00:00');
CREATE TABLE draft (
        conversation_id INTEGER PRIMARY KEY,
        text TEXT NOT NULL,
        detail TEXT NOT NULL,
        model TEXT
    ) STRICT
    ;
INSERT INTO "draft" VALUES(0,'half','auto',NULL);
CREATE TABLE draft_image (
        id INTEGER PRIMARY KEY,
        conversation_id INTEGER NOT NULL REFERENCES draft (conversation_id) ON DELETE CASCADE,
        path BLOB NOT NULL,
        sha256 TEXT NOT NULL,
        detail TEXT
    ) STRICT
    ;
INSERT INTO "draft_image" VALUES(1,0,X'2F70696374757265732F6C616B652E6A7067','abababababababababababababababababababababababababababababababab','low');
CREATE TABLE held_image (
        id INTEGER PRIMARY KEY,
        sha256 TEXT NOT NULL REFERENCES image (sha256) ON DELETE CASCADE,
        owner TEXT NOT NULL
    ) STRICT
    ;
INSERT INTO "held_image" VALUES(4,'6f32860910ca0fb2a20c7fda143666b09dbf8db5238195c90a586fb542ff0cad','7705c2135e7c4d92ae03ac8bf8488ad6');
CREATE TABLE image (
        sha256 TEXT PRIMARY KEY,
        media_type TEXT NOT NULL,
        width_px INTEGER NOT NULL,
        height_px INTEGER NOT NULL,
        size_bytes INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID
    ;
INSERT INTO "image" VALUES('6f021f0268d5dd0d4e286ad5202f57335f2a8cc568704c4f7865c97879443ef8','image/png',560,820,4);
INSERT INTO "image" VALUES('6f32860910ca0fb2a20c7fda143666b09dbf8db5238195c90a586fb542ff0cad','image/png',560,820,7);
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
    ) STRICT
    ;
INSERT INTO "message" VALUES(1,1,'user','Where was this taken?','53a6b449af7f7312c0e882dc3b2817b6cff0c1c202062bda7b2048ad4e820e5e','complete','2026-10-03T12:00:00+00:00','gpt-5-mini',NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "message" VALUES(2,1,'assistant','I can read text and codes.

| File | lake.jpg |
| --- | --- |
| Format | JPEG |
| Size | 560×820 pixels (0.5 megapixels) |
| On disk | 214 KB |
| Frames or pages | 1 |
| Transparency | no |
| Taken | — |
| Camera | Nikon Z 8 |
| Position | 47.605° N, 9.450° E |
| Metadata | EXIF, position |

These facts stay on this computer: metadata is removed before an image is sent.','4222a3512fd763a545ddf1ed146f3af9ee1b6e40cb9d97b368285e26dc09b053','complete','2026-10-03T12:00:00+00:00','on-device','on-device',NULL,NULL,2.4,'I can read text and codes.',NULL);
INSERT INTO "message" VALUES(3,1,'user','And where exactly?','d8209e7e0a4b9c72933d63f705251d7a799e18c8176681017a40c6108fd1b256','complete','2026-10-03T12:00:00+00:00','gpt-5-mini',NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "message" VALUES(4,1,'assistant','| File | lake.jpg |
| --- | --- |
| Format | JPEG |
| Size | 560×820 pixels (0.5 megapixels) |
| On disk | 214 KB |
| Frames or pages | 1 |
| Transparency | no |
| Taken | — |
| Camera | Nikon Z 8 |
| Position | 47.605° N, 9.450° E |
| Metadata | EXIF, position |','5f8a2bcdf6706df251e6366e70266eceaf5d2355acd8db55175b759aa77194ad','stopped','2026-10-03T12:00:00+00:00','on-device','on-device',NULL,NULL,2.4,NULL,NULL);
INSERT INTO "message" VALUES(5,2,'user','What is the total?','23b14bcb49f064fb64a8318fe6f053faa06b77321694ce5c951a651b9f8af8f2','complete','2026-10-03T12:00:00+00:00','gpt-5-mini',NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "message" VALUES(6,2,'assistant','**$23.10** at 21.5° C','d8b45100c87ebae7542e76778755c44c574a925baafc701c3cf13614b95059f0','complete','2026-10-03T12:00:00+00:00','gpt-5-mini','openai',NULL,NULL,2.4,NULL,NULL);
INSERT INTO "message" VALUES(7,2,'user','And the tax?','3225f463d20ee5c2aac5aecb95a29cafb4c002da249a3c725dbefb131f908fab','complete','2026-10-03T12:00:00+00:00','gpt-5-mini',NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "message" VALUES(8,2,'assistant','$1.10','8ecb099d2968ad8072837799abdc3efe5da6b3747f389f6f8b4be09fb0df14fe','complete','2026-10-03T12:00:00+00:00','gpt-5-mini','openai',NULL,NULL,2.4,NULL,NULL);
CREATE TABLE remembered (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;
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
    ) STRICT
    ;
INSERT INTO "usage" VALUES(1,2,'2026-10-03T12:00:00+00:00','on-device','on-device','high',1,4,'0.0034',0,0,0,0,NULL,0,1,NULL,'0',2.4);
INSERT INTO "usage" VALUES(2,4,'2026-10-03T12:00:00+00:00','on-device','on-device','high',2,8,'0.0034',800,12,0,0,NULL,0,1,NULL,'0',2.4);
INSERT INTO "usage" VALUES(3,6,'2026-10-03T12:00:00+00:00','openai','gpt-5-mini','high',2,11,'0.0034',800,12,0,0,NULL,0,1,NULL,'0.0031',2.4);
INSERT INTO "usage" VALUES(4,8,'2026-10-03T12:00:00+00:00','openai','gpt-5-mini','high',2,11,'0.0034',800,12,0,0,NULL,0,1,NULL,'0.0029',2.4);
CREATE INDEX message_of_conversation ON message (conversation_id, id);
CREATE INDEX message_running ON message (owner) WHERE state = 'running';
CREATE INDEX held_image_of_image ON held_image (sha256);
CREATE INDEX attachment_of_message ON attachment (message_id, id);
CREATE INDEX attachment_of_image ON attachment (sent_sha256);
CREATE INDEX attachment_of_source ON attachment (source_sha256);
CREATE INDEX usage_by_time ON usage (created_at);
CREATE INDEX draft_image_of_draft ON draft_image (conversation_id, id);
DELETE FROM "sqlite_sequence";
INSERT INTO "sqlite_sequence" VALUES('conversation',2);
INSERT INTO "sqlite_sequence" VALUES('message',8);
INSERT INTO "sqlite_sequence" VALUES('attachment',4);
INSERT INTO "sqlite_sequence" VALUES('usage',4);
COMMIT;
