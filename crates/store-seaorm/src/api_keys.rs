use grantway_core::api_key::{ApiKey, ApiKeyHolder};
use grantway_core::ids::{ApiKeyId, InstanceId};
use grantway_core::seam::SeamError;
use grantway_core::time::Timestamp;
use grantway_store::traits::{ApiKeyRow, ApiKeyStore};
use sea_orm::QueryResult;

use crate::SeaStore;
use crate::fault::unreadable;
use crate::row::{
    digest_option, digest_value, parsed, plain, row, rows, statement, time, time_option, time_value,
};

impl ApiKeyStore for SeaStore {
    async fn put_api_key(&self, instance: &InstanceId, row: &ApiKeyRow) -> Result<bool, SeamError> {
        let ApiKeyRow { key, digest, declared_as } = row;
        let ApiKey { id, name, holder, scope, created_at, expires_at, last_used_at } = key;
        let (holder, project) = place_of(holder);
        let statement = statement(
            "INSERT INTO api_key (instance, api_key_id, digest, name, holder, project_id, scope, declared_as, \
             created_at, expires_at, last_used_at) SELECT $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11 \
             WHERE $5 = 'partner' OR EXISTS \
             (SELECT 1 FROM project WHERE project.instance = $1 AND project.project_id = $6) \
             ON CONFLICT (instance, api_key_id) DO UPDATE SET digest = excluded.digest, name = excluded.name, \
             holder = excluded.holder, project_id = excluded.project_id, scope = excluded.scope, \
             declared_as = excluded.declared_as, expires_at = excluded.expires_at",
            [
                instance.as_str().into(),
                id.as_str().into(),
                digest_value(digest),
                name.as_str().into(),
                holder.into(),
                project.into(),
                scope.to_string().into(),
                declared_as.clone().into(),
                created_at.unix().into(),
                time_value(*expires_at),
                time_value(*last_used_at),
            ],
        );
        Ok(self.writer.execute(statement).await? == 1)
    }

    async fn find_api_key(
        &self,
        instance: &InstanceId,
        id: &ApiKeyId,
    ) -> Result<Option<ApiKeyRow>, SeamError> {
        let statement = statement(
            format!(
                "SELECT digest, declared_as, {KNOWN} FROM api_key WHERE instance = $1 AND api_key_id = $2"
            ),
            [instance.as_str().into(), id.as_str().into()],
        );
        let read = |row: QueryResult| {
            Ok(ApiKeyRow {
                key: known(&row)?,
                digest: digest_option(&row, "digest")?.ok_or_else(|| unreadable("digest"))?,
                declared_as: plain(&row, "declared_as")?,
            })
        };
        row(&self.reader, statement).await?.map(read).transpose()
    }

    async fn api_keys_of(
        &self,
        instance: &InstanceId,
        holder: &ApiKeyHolder,
    ) -> Result<Vec<ApiKey>, SeamError> {
        let (holder, project) = place_of(holder);
        let statement = statement(
            format!(
                "SELECT {KNOWN} FROM api_key WHERE instance = $1 AND holder = $2 AND project_id = $3 \
                 ORDER BY created_at, api_key_id"
            ),
            [instance.as_str().into(), holder.into(), project.into()],
        );
        rows(&self.reader, statement).await?.iter().map(known).collect()
    }

    async fn touch_api_key(
        &self,
        instance: &InstanceId,
        id: &ApiKeyId,
        at: Timestamp,
        before: Timestamp,
    ) -> Result<(), SeamError> {
        let statement = statement(
            "UPDATE api_key SET last_used_at = $3 WHERE instance = $1 AND api_key_id = $2 \
             AND (last_used_at IS NULL OR last_used_at <= $4)",
            [instance.as_str().into(), id.as_str().into(), at.unix().into(), before.unix().into()],
        );
        self.writer.execute(statement).await.map(drop)
    }

    async fn delete_api_key(
        &self,
        instance: &InstanceId,
        holder: &ApiKeyHolder,
        id: &ApiKeyId,
    ) -> Result<bool, SeamError> {
        let (holder, project) = place_of(holder);
        let statement = statement(
            "DELETE FROM api_key WHERE instance = $1 AND api_key_id = $2 AND holder = $3 AND project_id = $4",
            [instance.as_str().into(), id.as_str().into(), holder.into(), project.into()],
        );
        Ok(self.writer.execute(statement).await? == 1)
    }

    async fn delete_declared_api_keys(
        &self,
        instance: &InstanceId,
        declared_as: &str,
        except: &ApiKeyId,
    ) -> Result<(), SeamError> {
        let statement = statement(
            "DELETE FROM api_key WHERE instance = $1 AND declared_as = $2 AND api_key_id <> $3",
            [instance.as_str().into(), declared_as.into(), except.as_str().into()],
        );
        self.writer.execute(statement).await.map(drop)
    }
}

fn known(row: &QueryResult) -> Result<ApiKey, SeamError> {
    let holder: String = plain(row, "holder")?;
    Ok(ApiKey {
        id: parsed(row, "api_key_id")?,
        name: plain(row, "name")?,
        holder: match holder.as_str() {
            PARTNER => ApiKeyHolder::Partner,
            PROJECT => ApiKeyHolder::Project(parsed(row, "project_id")?),
            _ => return Err(unreadable("holder")),
        },
        scope: parsed(row, "scope")?,
        created_at: time(row, "created_at")?,
        expires_at: time_option(row, "expires_at")?,
        last_used_at: time_option(row, "last_used_at")?,
    })
}

/// What stands in `holder` and in `project_id`.
fn place_of(holder: &ApiKeyHolder) -> (&'static str, &str) {
    match holder {
        ApiKeyHolder::Partner => (PARTNER, ""),
        ApiKeyHolder::Project(id) => (PROJECT, id.as_str()),
    }
}

const KNOWN: &str = "api_key_id, name, holder, project_id, scope, created_at, expires_at, last_used_at";
const PARTNER: &str = "partner";
const PROJECT: &str = "project";
