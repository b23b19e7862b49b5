use grantway_core::grant::GrantTerms;
use grantway_core::ids::{GrantId, InstanceId};
use grantway_core::seam::SeamError;
use grantway_core::time::Timestamp;
use grantway_store::traits::{
    CodeRow, CodeSpend, GrantRow, GrantStore, Insert, RefreshRow, RefreshSwap, SealedSuccessor, Spend, Swap,
};
use sea_orm::{DatabaseExecutor, QueryResult, Value};
use serde_json::Value as Json;

use crate::SeaStore;
use crate::fault::unreadable;
use crate::row::{
    Sql, digest_option, digest_value, json, parsed, parsed_option, plain, row, rows, statement, time,
    time_option, time_value,
};

impl GrantStore for SeaStore {
    async fn insert_grant(&self, instance: &InstanceId, row: &GrantRow) -> Result<Insert, SeamError> {
        let statement = statement(INSERT, values(instance, row));
        Ok(if self.writer.execute(statement).await? == 1 { Insert::Done } else { Insert::Taken })
    }

    async fn spend_code(
        &self,
        instance: &InstanceId,
        grant: GrantId,
        spend: &CodeSpend,
    ) -> Result<Spend, SeamError> {
        let change = statement(
            SPEND,
            [
                instance.as_str().into(),
                grant.number().into(),
                digest_value(&spend.code),
                spend.at.unix().into(),
                digest_value(&spend.refresh.family),
                digest_value(&spend.refresh.token),
                time_value(spend.refresh.expires_at),
                time_value(spend.refresh.needed_until),
                spend.needed_until.unix().into(),
            ],
        );
        let look = find(instance, grant);
        let changed =
            self.writer.write(|connection| Box::pin(changed_or_as_it_stands(connection, change, look)));
        Ok(match changed.await? {
            Changed::Now(row) => Spend::First(row),
            Changed::Not(row) => Spend::Unchanged(row),
        })
    }

    async fn swap_refresh(
        &self,
        instance: &InstanceId,
        grant: GrantId,
        swap: &RefreshSwap,
    ) -> Result<Swap, SeamError> {
        let change = statement(
            SWAP,
            [
                instance.as_str().into(),
                grant.number().into(),
                digest_value(&swap.presented),
                swap.client_id.as_str().into(),
                swap.at.unix().into(),
                // Every grant is younger than the beginning of time.
                swap.given_after.map_or(i64::MIN, Timestamp::unix).into(),
                digest_value(&swap.successor),
                swap.sealed_successor.clone().into(),
                time_value(swap.grace_until),
                time_value(swap.expires_at),
                time_value(swap.needed_until),
            ],
        );
        let look = find(instance, grant);
        let changed =
            self.writer.write(|connection| Box::pin(changed_or_as_it_stands(connection, change, look)));
        Ok(match changed.await? {
            Changed::Now(row) => Swap::Done(row),
            Changed::Not(row) => Swap::Unchanged(row),
        })
    }

    async fn find_grant(&self, instance: &InstanceId, grant: GrantId) -> Result<Option<GrantRow>, SeamError> {
        row(&self.reader, find(instance, grant)).await?.map(|row| read(&row)).transpose()
    }

    async fn sealed_successors(
        &self,
        instance: &InstanceId,
        after: Option<GrantId>,
        limit: u32,
    ) -> Result<(Vec<SealedSuccessor>, Option<GrantId>), SeamError> {
        // No grant has a number below the beginning of time.
        let after = after.map_or(i64::MIN, GrantId::number);
        let values = [instance.as_str().into(), after.into(), i64::from(limit).into()];
        let looked_at = rows(&self.reader, statement(SUCCESSORS, values)).await?;
        let full = looked_at.len() == usize::try_from(limit).unwrap_or(usize::MAX);
        let number = |row| plain(row, "grant_id").map(GrantId::from_number);
        let last = looked_at.last().filter(|_| full).map(number).transpose()?;
        let mut found = Vec::new();
        for row in &looked_at {
            if let Some(sealed) = plain(row, "refresh_successor")? {
                let generation = plain(row, "refresh_generation")?;
                found.push(SealedSuccessor { grant: number(row)?, generation, sealed });
            }
        }
        Ok((found, last))
    }

    async fn reseal_successor(
        &self,
        instance: &InstanceId,
        before: &SealedSuccessor,
        anew: &[u8],
    ) -> Result<bool, SeamError> {
        let SealedSuccessor { grant, generation, sealed } = before;
        let values = [
            instance.as_str().into(),
            grant.number().into(),
            (*generation).into(),
            sealed.clone().into(),
            anew.to_vec().into(),
        ];
        Ok(self.writer.execute(statement(RESEAL, values)).await? == 1)
    }

    async fn revoke_grant(
        &self,
        instance: &InstanceId,
        grant: GrantId,
        at: Timestamp,
    ) -> Result<(), SeamError> {
        let values = [instance.as_str().into(), grant.number().into(), at.unix().into()];
        let statement = statement(REVOKE, values);
        self.writer.execute(statement).await.map(drop)
    }
}

enum Changed {
    Now(Box<GrantRow>),
    Not(Option<Box<GrantRow>>),
}

/// The change says by the row it returns that it was made; without one, nothing was, and the row is
/// read as it stands. Somebody else may write in between, where each statement stands alone: a row only
/// moves on, so what could not be changed a moment ago cannot be changed now.
async fn changed_or_as_it_stands(
    connection: DatabaseExecutor<'_>,
    change: Sql,
    look: Sql,
) -> Result<Changed, SeamError> {
    if let Some(changed) = row(&connection, change).await? {
        return Ok(Changed::Now(Box::new(read(&changed)?)));
    }
    let standing = row(&connection, look).await?.map(|row| read(&row)).transpose()?;
    Ok(Changed::Not(standing.map(Box::new)))
}

fn find(instance: &InstanceId, grant: GrantId) -> Sql {
    statement(FIND, [instance.as_str().into(), grant.number().into()])
}

fn values(instance: &InstanceId, row: &GrantRow) -> Vec<Value> {
    // Whole, so that a field nobody wrote down breaks the build.
    let GrantRow { id, terms, code, refresh, created_at, revoked_at, needed_until } = row;
    let GrantTerms {
        client_id,
        subject,
        scope,
        sid,
        auth_time,
        acr,
        amr,
        nonce,
        resources,
        authorization_details,
        confirmation,
        actor,
        refreshable,
    } = terms;
    let CodeRow { digest, redirect_uri, code_challenge, expires_at, spent_at } = code;
    let text = |document: &Option<Json>| Value::from(document.as_ref().map(Json::to_string));
    let mut values: Vec<Value> = vec![
        instance.as_str().into(),
        id.number().into(),
        client_id.as_str().into(),
        subject.as_str().into(),
        scope.to_string().into(),
        sid.as_ref().map(ToString::to_string).into(),
        auth_time.unix().into(),
        acr.clone().into(),
        Json::from(amr.clone()).to_string().into(),
        nonce.clone().into(),
        Json::from(resources.clone()).to_string().into(),
        text(authorization_details),
        text(confirmation),
        text(actor),
        i64::from(*refreshable).into(),
        digest_value(digest),
        redirect_uri.clone().into(),
        code_challenge.as_ref().map(|challenge| challenge.as_str().to_owned()).into(),
        expires_at.unix().into(),
        time_value(*spent_at),
    ];
    values.extend(refresh_values(refresh.as_ref()));
    values.extend([created_at.unix().into(), time_value(*revoked_at), time_value(*needed_until)]);
    values
}

fn refresh_values(refresh: Option<&RefreshRow>) -> [Value; 7] {
    let Some(refresh) = refresh else {
        let (bytes, number) = (None::<Vec<u8>>, None::<i64>);
        return [
            bytes.clone().into(),
            bytes.clone().into(),
            bytes.clone().into(),
            number.into(),
            number.into(),
            number.into(),
            bytes.into(),
        ];
    };
    let RefreshRow { family, current, previous, generation, expires_at, grace_until, sealed_successor } =
        refresh;
    [
        digest_value(family),
        digest_value(current),
        previous.map(|digest| digest.as_bytes().to_vec()).into(),
        (*generation).into(),
        time_value(*expires_at),
        time_value(*grace_until),
        sealed_successor.clone().into(),
    ]
}

fn read(row: &QueryResult) -> Result<GrantRow, SeamError> {
    let document = |column| -> Result<Option<Json>, SeamError> {
        let text: Option<String> = plain(row, column)?;
        text.map(|text| serde_json::from_str(&text).map_err(|_| unreadable(column))).transpose()
    };
    Ok(GrantRow {
        id: GrantId::from_number(plain(row, "grant_id")?),
        terms: GrantTerms {
            client_id: parsed(row, "client_id")?,
            subject: parsed(row, "subject")?,
            scope: parsed(row, "scope")?,
            sid: parsed_option(row, "sid")?,
            auth_time: time(row, "auth_time")?,
            acr: plain(row, "acr")?,
            amr: json(row, "amr")?,
            nonce: plain(row, "nonce")?,
            resources: json(row, "resources")?,
            authorization_details: document("authorization_details")?,
            confirmation: document("confirmation")?,
            actor: document("actor")?,
            refreshable: plain::<i64>(row, "refreshable")? != 0,
        },
        code: CodeRow {
            digest: digest_option(row, "code_digest")?.ok_or_else(|| unreadable("code_digest"))?,
            redirect_uri: plain(row, "redirect_uri")?,
            code_challenge: parsed_option(row, "code_challenge")?,
            expires_at: time(row, "code_expires_at")?,
            spent_at: time_option(row, "code_spent_at")?,
        },
        refresh: read_refresh(row)?,
        created_at: time(row, "created_at")?,
        revoked_at: time_option(row, "revoked_at")?,
        needed_until: time_option(row, "needed_until")?,
    })
}

fn read_refresh(row: &QueryResult) -> Result<Option<RefreshRow>, SeamError> {
    let Some(current) = digest_option(row, "refresh_current")? else { return Ok(None) };
    Ok(Some(RefreshRow {
        family: digest_option(row, "refresh_family")?.ok_or_else(|| unreadable("refresh_family"))?,
        current,
        previous: digest_option(row, "refresh_previous")?,
        generation: plain(row, "refresh_generation")?,
        expires_at: time_option(row, "refresh_expires_at")?,
        grace_until: time_option(row, "refresh_grace_until")?,
        sealed_successor: plain(row, "refresh_successor")?,
    }))
}

/// The columns of a row, by name: a newer process may add one while this one serves.
macro_rules! columns {
    () => {
        "grant_id, client_id, subject, scope, sid, auth_time, acr, amr, nonce, resources, \
         authorization_details, confirmation, actor, refreshable, code_digest, redirect_uri, \
         code_challenge, code_expires_at, code_spent_at, refresh_family, refresh_current, \
         refresh_previous, refresh_generation, refresh_expires_at, refresh_grace_until, \
         refresh_successor, created_at, revoked_at, needed_until"
    };
}

const INSERT: &str = "\
INSERT INTO oauth_grant (
  instance, grant_id, client_id, subject, scope, sid, auth_time, acr, amr, nonce, resources,
  authorization_details, confirmation, actor, refreshable,
  code_digest, redirect_uri, code_challenge, code_expires_at, code_spent_at,
  refresh_family, refresh_current, refresh_previous, refresh_generation, refresh_expires_at,
  refresh_grace_until, refresh_successor, created_at, revoked_at, needed_until)
VALUES (
  $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22,
  $23, $24, $25, $26, $27, $28, $29, $30)
ON CONFLICT (instance, grant_id) DO NOTHING";

const SPEND: &str = concat!(
    "\
UPDATE oauth_grant SET
  code_spent_at = $4,
  refresh_family = CASE refreshable WHEN 1 THEN $5 END,
  refresh_current = CASE refreshable WHEN 1 THEN $6 END,
  refresh_generation = CASE refreshable WHEN 1 THEN 1 END,
  refresh_expires_at = CASE refreshable WHEN 1 THEN $7 END,
  needed_until = CASE refreshable WHEN 1 THEN $8 ELSE $9 END
WHERE instance = $1 AND grant_id = $2 AND code_digest = $3
  AND code_spent_at IS NULL AND code_expires_at > $4 AND revoked_at IS NULL
RETURNING ",
    columns!()
);

const SWAP: &str = concat!(
    "\
UPDATE oauth_grant SET
  refresh_previous = refresh_current,
  refresh_current = $7,
  refresh_generation = refresh_generation + 1,
  refresh_successor = $8,
  refresh_grace_until = $9,
  refresh_expires_at = $10,
  needed_until = $11
WHERE instance = $1 AND grant_id = $2 AND refresh_current = $3 AND client_id = $4
  AND revoked_at IS NULL AND (refresh_expires_at IS NULL OR refresh_expires_at > $5) AND created_at > $6
RETURNING ",
    columns!()
);

const FIND: &str = concat!("SELECT ", columns!(), " FROM oauth_grant WHERE instance = $1 AND grant_id = $2");

const SUCCESSORS: &str = "\
SELECT grant_id, refresh_generation, refresh_successor FROM oauth_grant
WHERE instance = $1 AND grant_id > $2 ORDER BY grant_id LIMIT $3";

const RESEAL: &str = "\
UPDATE oauth_grant SET refresh_successor = $5
WHERE instance = $1 AND grant_id = $2 AND refresh_generation = $3 AND refresh_successor = $4";

const REVOKE: &str = "\
UPDATE oauth_grant SET
  revoked_at = COALESCE(revoked_at, $3),
  needed_until = CASE WHEN revoked_at IS NULL THEN $3 ELSE needed_until END,
  refresh_successor = NULL
WHERE instance = $1 AND grant_id = $2";
