// oidc-provider's storage in SQLite: one table, each step a commit of its own that is durable.

/** The adapter class that oidc-provider makes one of for each of its models. */
export function adapterOver(database) {
  database.exec('PRAGMA journal_mode = WAL')
  database.exec('PRAGMA synchronous = FULL')
  database.exec(TABLE)
  const upsert = database.prepare(
    `INSERT INTO kept (model, id, payload, grant_id, uid, user_code, expires) VALUES (?, ?, ?, ?, ?, ?, ?)
     ON CONFLICT (model, id) DO UPDATE SET payload = excluded.payload, grant_id = excluded.grant_id,
     uid = excluded.uid, user_code = excluded.user_code, expires = excluded.expires`,
  )
  const by = (column) => database.prepare(`SELECT payload, expires FROM kept WHERE model = ? AND ${column} = ?`)
  const [byId, byUid, byUserCode] = ['id', 'uid', 'user_code'].map(by)
  const consume = database.prepare(
    `UPDATE kept SET payload = json_set(payload, '$.consumed', ?) WHERE model = ? AND id = ?`,
  )
  const destroy = database.prepare('DELETE FROM kept WHERE model = ? AND id = ?')
  const revoke = database.prepare('DELETE FROM kept WHERE grant_id = ?')

  return class {
    constructor(model) {
      this.model = model
    }

    async upsert(id, payload, expiresIn) {
      const { grantId = null, uid = null, userCode = null } = payload
      const expires = expiresIn ? now() + expiresIn : null
      upsert.run(this.model, id, JSON.stringify(payload), grantId, uid, userCode, expires)
    }

    async find(id) {
      return live(byId.get(this.model, id))
    }

    async findByUid(uid) {
      return live(byUid.get(this.model, uid))
    }

    async findByUserCode(userCode) {
      return live(byUserCode.get(this.model, userCode))
    }

    async consume(id) {
      consume.run(now(), this.model, id)
    }

    async destroy(id) {
      destroy.run(this.model, id)
    }

    async revokeByGrantId(grantId) {
      revoke.run(grantId)
    }
  }
}

function live(row) {
  return row && (row.expires === null || row.expires > now()) ? JSON.parse(row.payload) : undefined
}

function now() {
  return Math.floor(Date.now() / 1000)
}

const TABLE = `
  CREATE TABLE kept (
    model TEXT NOT NULL, id TEXT NOT NULL, payload TEXT NOT NULL,
    grant_id TEXT, uid TEXT, user_code TEXT, expires INTEGER,
    PRIMARY KEY (model, id)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX kept_grant ON kept (grant_id) WHERE grant_id IS NOT NULL;
  CREATE INDEX kept_uid ON kept (model, uid) WHERE uid IS NOT NULL;
`
