//! The keys of programs, for whoever looks after them. Servers that run meanwhile see at once what is done here.

use grantway_core::api_key::{ApiKey, ApiKeyHolder};
use grantway_core::audit::{Audit, Event};
use grantway_core::ids::{ApiKeyId, ProjectId};
use grantway_core::seam::{ApiKeyDirectory, ApiKeyIssued, NewApiKey, ProjectDirectory, SeamError};
use grantway_core::time::Timestamp;
use grantway_store::ledger::{ApiKeys, Projects};
use grantway_store_seaorm::SeaStore;
use serde_json::{Value, json};

use super::keys_signing::readable;
use crate::audit::LoggedAudit;
use crate::cli::api_keys::{ApiKeysCommand, CreateApiKeyFlags};
use crate::compose::storage::{Storage, breakdown};
use crate::config::Config;
use crate::outcome::Failure;
use crate::say;

pub(crate) async fn run(command: ApiKeysCommand) -> Result<(), Failure> {
    let config = Config::load_home(command.home().clone())?;
    let storage = Storage::open(&config).await?;
    match command {
        ApiKeysCommand::List(flags) => list(&storage, &flags.holder.holder(), flags.home.json).await,
        ApiKeysCommand::Create(flags) => create(&storage, flags).await,
        ApiKeysCommand::Revoke(flags) => revoke(&storage, &flags.id, flags.home.json).await,
    }
}

async fn list(storage: &Storage, holder: &ApiKeyHolder, as_json: bool) -> Result<(), Failure> {
    if let ApiKeyHolder::Project(id) = holder {
        let Storage { store, instance, clock, entropy, .. } = storage;
        let projects =
            Projects::new(store.clone(), instance.clone(), clock.clone(), entropy.clone()).find(id).await;
        if projects.map_err(|fault| breakdown(&fault))?.is_none() {
            return Err(no_such_project(id));
        }
    }
    let keys = ledger(storage).list(holder).await.map_err(|fault| breakdown(&fault))?;
    if as_json {
        say::document(&json!({"api_keys": keys.iter().map(document).collect::<Vec<_>>()}));
        return Ok(());
    }
    say::line(&format!(
        "{:<27} {:<21} {:<21} {:<21} {}",
        "prefix", "made", "good until", "last used", "name"
    ));
    for key in &keys {
        let time = |time: Option<Timestamp>, none: &str| time.map_or_else(|| none.to_owned(), readable);
        let (made, until) = (readable(key.created_at), time(key.expires_at, "for ever"));
        let used = time(key.last_used_at, "never");
        let scope = if key.scope.is_empty() { String::new() } else { format!(" ({})", key.scope) };
        say::line(&format!("{:<27} {made:<21} {until:<21} {used:<21} {}{scope}", key.id.as_str(), key.name));
    }
    Ok(())
}

async fn create(storage: &Storage, flags: CreateApiKeyFlags) -> Result<(), Failure> {
    let CreateApiKeyFlags { home, holder, name, scope, expires_at } = flags;
    if expires_at.is_some_and(|end| end <= storage.clock.now()) {
        return Err(Failure::configuration(
            "the key was not made",
            "it would be over before it begins",
            "give a time to come as --expires-at, or leave it out",
        ));
    }
    let holder = holder.holder();
    let wanted = NewApiKey { name, holder: holder.clone(), scope: scope.unwrap_or_default(), expires_at };
    let issued = ledger(storage).issue(wanted).await.map_err(|fault| breakdown(&fault))?;
    match (issued, holder) {
        (ApiKeyIssued::Issued { key, shown }, _) => {
            LoggedAudit.record(Event::ApiKeyIssued {
                api_key_id: key.id.clone(),
                project_id: project_of(&key),
                by: None,
            });
            if home.json {
                let mut document = document(&key);
                document["api_key"] = Value::from(shown.expose());
                say::document(&document);
            } else {
                say::line(shown.expose());
            }
            Ok(())
        }
        (ApiKeyIssued::NoSuchProject, ApiKeyHolder::Project(id)) => Err(no_such_project(&id)),
        (ApiKeyIssued::NoSuchProject, ApiKeyHolder::Partner) => {
            Err(breakdown(&SeamError::broken("api keys", "a partner's key was refused for its project")))
        }
    }
}

async fn revoke(storage: &Storage, id: &ApiKeyId, as_json: bool) -> Result<(), Failure> {
    let keys = ledger(storage);
    let key = keys.of_prefix(id).await.map_err(|fault| breakdown(&fault))?;
    let revoked = match &key {
        Some(key) => keys.revoke(&key.holder, id).await.map_err(|fault| breakdown(&fault))?,
        None => false,
    };
    let Some(key) = key.filter(|_| revoked) else {
        return Err(Failure::configuration(
            format!("there is no API key {id}"),
            "it was never here, or it is revoked already",
            "run: grantway api-keys list --partner, or --project ID",
        ));
    };
    LoggedAudit.record(Event::ApiKeyRevoked {
        api_key_id: id.clone(),
        project_id: project_of(&key),
        by: None,
    });
    if as_json {
        say::document(&json!({"revoked": id.as_str()}));
    } else {
        say::line(&format!("{id} is revoked"));
    }
    Ok(())
}

fn ledger(storage: &Storage) -> ApiKeys<SeaStore> {
    let Storage { store, instance, clock, entropy, .. } = storage;
    ApiKeys::new(store.clone(), instance.clone(), clock.clone(), entropy.clone())
}

fn project_of(key: &ApiKey) -> Option<ProjectId> {
    match &key.holder {
        ApiKeyHolder::Partner => None,
        ApiKeyHolder::Project(id) => Some(id.clone()),
    }
}

fn document(key: &ApiKey) -> Value {
    let ApiKey { id, name, holder: _, scope, created_at, expires_at, last_used_at } = key;
    json!({
        "id": id.as_str(), "name": name, "project": project_of(key).map(String::from),
        "partner": key.holder == ApiKeyHolder::Partner, "scope": scope.to_string(),
        "created_at": created_at.unix(), "expires_at": expires_at.map(Timestamp::unix),
        "last_used_at": last_used_at.map(Timestamp::unix),
    })
}

fn no_such_project(id: &ProjectId) -> Failure {
    Failure::configuration(
        format!("there is no project {id}"),
        "none of that id was made or declared here",
        "run: grantway projects list",
    )
}
