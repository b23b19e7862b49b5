use grantway_core::grant::GrantTerms;
use grantway_core::ids::{ClientId, GrantId, InstanceId, Subject};
use grantway_core::seam::SeamError;
use grantway_core::time::Timestamp;
use grantway_store::traits::{
    CodeRow, CodeSpend, GrantRow, GrantStore, Insert, RefreshRow, RefreshSwap, SealedSuccessor, Spend, Swap,
};
use sea_orm::{QueryResult, Value};
use serde_json::Value as Json;

use crate::SeaStore;
use crate::alike::{Alike, Asked};
use crate::fault::unreadable;
use crate::row::{
    Sql, digest_option, digest_value, json, parsed, parsed_option, plain, row, rows, statement, time,
    time_option, time_value,
};

impl GrantStore for SeaStore {
    async fn insert_grant(&self, instance: &InstanceId, row: &GrantRow) -> Result<Insert, SeamError> {
        let asked = asked(&INSERT, instance, row.id, values(row));
        Ok(if self.writer.change(asked).await?.is_some() { Insert::Done } else { Insert::Taken })
    }

    async fn spend_code(
        &self,
        instance: &InstanceId,
        grant: GrantId,
        spend: &CodeSpend,
    ) -> Result<Spend, SeamError> {
        let values = vec![
            digest_value(&spend.code),
            spend.at.unix().into(),
            digest_value(&spend.refresh.family),
            digest_value(&spend.refresh.token),
            time_value(spend.refresh.expires_at),
            time_value(spend.refresh.needed_until),
            spend.needed_until.unix().into(),
        ];
        match self.writer.change(asked(&SPEND, instance, grant, values)).await? {
            Some(row) => Ok(Spend::First(Box::new(read(&row)?))),
            None => Ok(Spend::Unchanged(self.as_it_stands(instance, grant).await?)),
        }
    }

    async fn swap_refresh(
        &self,
        instance: &InstanceId,
        grant: GrantId,
        swap: &RefreshSwap,
    ) -> Result<Swap, SeamError> {
        let values = vec![
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
        ];
        match self.writer.change(asked(&SWAP, instance, grant, values)).await? {
            Some(row) => Ok(Swap::Done(Box::new(read(&row)?))),
            None => Ok(Swap::Unchanged(self.as_it_stands(instance, grant).await?)),
        }
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

    async fn revoke_grants_of(
        &self,
        instance: &InstanceId,
        subject: &Subject,
        client_id: Option<&ClientId>,
        at: Timestamp,
    ) -> Result<u64, SeamError> {
        let mut values: Vec<Value> =
            vec![instance.as_str().into(), subject.as_str().into(), at.unix().into()];
        values.extend(client_id.map(|client_id| client_id.as_str().into()));
        let text = if client_id.is_some() { REVOKE_OF_CLIENT } else { REVOKE_ALL };
        self.writer.execute(statement(text, values)).await
    }
}

impl SeaStore {
    /// A grant that could not be changed. Somebody else may have written since: a row only moves on, so what
    /// could not be changed a moment ago cannot be changed now.
    async fn as_it_stands(
        &self,
        instance: &InstanceId,
        grant: GrantId,
    ) -> Result<Option<Box<GrantRow>>, SeamError> {
        Ok(self.find_grant(instance, grant).await?.map(Box::new))
    }
}

fn asked(alike: &'static Alike, instance: &InstanceId, grant: GrantId, values: Vec<Value>) -> Asked {
    Asked { alike, instance: instance.clone(), grant, values }
}

fn find(instance: &InstanceId, grant: GrantId) -> Sql {
    statement(FIND, [instance.as_str().into(), grant.number().into()])
}

/// All but its number.
fn values(row: &GrantRow) -> Vec<Value> {
    // Whole, so that a field nobody wrote down breaks the build.
    let GrantRow { id: _, terms, code, refresh, created_at, revoked_at, needed_until } = row;
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

static INSERT: Alike = Alike {
    before: "WITH asked AS (VALUES ",
    after: concat!(
        ") INSERT INTO oauth_grant (instance, ",
        columns!(),
        ") SELECT $1, asked.* FROM asked WHERE TRUE ON CONFLICT (instance, grant_id) DO NOTHING \
         RETURNING grant_id"
    ),
};

/// What is asked is named with its table, and as no column is: a newer process may add columns, and what is
/// returned has no table to its names.
static SPEND: Alike = Alike {
    before: "\
WITH asked (grant_asked, presented, at, family, first, first_expires_at, needed_if_refreshable, needed_else)
AS (VALUES ",
    after: concat!(
        "\
) UPDATE oauth_grant SET
  code_spent_at = asked.at,
  refresh_family = CASE refreshable WHEN 1 THEN asked.family END,
  refresh_current = CASE refreshable WHEN 1 THEN asked.first END,
  refresh_generation = CASE refreshable WHEN 1 THEN 1 END,
  refresh_expires_at = CASE refreshable WHEN 1 THEN asked.first_expires_at END,
  needed_until = CASE refreshable WHEN 1 THEN asked.needed_if_refreshable ELSE asked.needed_else END
FROM asked
WHERE instance = $1 AND grant_id = asked.grant_asked AND code_digest = asked.presented
  AND code_spent_at IS NULL AND code_expires_at > asked.at AND revoked_at IS NULL
RETURNING ",
        columns!()
    ),
};

static SWAP: Alike = Alike {
    before: "\
WITH asked (grant_asked, presented, by_client, at, given_after, successor, successor_sealed, grace,
  successor_expires_at, needed)
AS (VALUES ",
    after: concat!(
        "\
) UPDATE oauth_grant SET
  refresh_previous = refresh_current,
  refresh_current = asked.successor,
  refresh_generation = refresh_generation + 1,
  refresh_successor = asked.successor_sealed,
  refresh_grace_until = asked.grace,
  refresh_expires_at = asked.successor_expires_at,
  needed_until = asked.needed
FROM asked
WHERE instance = $1 AND grant_id = asked.grant_asked AND refresh_current = asked.presented AND client_id = asked.by_client
  AND revoked_at IS NULL AND (refresh_expires_at IS NULL OR refresh_expires_at > asked.at)
  AND created_at > asked.given_after
RETURNING ",
        columns!()
    ),
};

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

macro_rules! revoke_all {
    () => {
        "\
UPDATE oauth_grant SET revoked_at = $3, needed_until = $3, refresh_successor = NULL
WHERE instance = $1 AND subject = $2 AND revoked_at IS NULL"
    };
}

const REVOKE_ALL: &str = revoke_all!();
const REVOKE_OF_CLIENT: &str = concat!(revoke_all!(), " AND client_id = $4");
