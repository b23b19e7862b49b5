//! The texts of a checkout: what people wrote, not what tools made.

use std::fs;
use std::io;
use std::path::Path;

use crate::failure::Failure;

pub(super) struct Text {
    /// From the root of the checkout, with `/`.
    pub(super) path: String,
    pub(super) body: String,
}

impl Text {
    pub(super) fn is_rust(&self) -> bool {
        Path::new(&self.path).extension().is_some_and(|e| e == "rs")
    }
}

pub(super) fn read(root: &Path) -> Result<Vec<Text>, Failure> {
    let mut texts = Vec::new();
    walk(root, root, &mut texts)
        .map_err(|error| Failure::new("the checkout cannot be read", error, "see who may read its files"))?;
    texts.sort_by(|a, b| a.path.cmp(&b.path));
    Ok(texts)
}

fn walk(root: &Path, folder: &Path, texts: &mut Vec<Text>) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let path = entry.path();
        let name = entry.file_name().to_string_lossy().into_owned();
        if entry.file_type()?.is_dir() {
            if !is_made(&path, &name) {
                walk(root, &path, texts)?;
            }
        } else if is_written(&name)
            && let Ok(body) = fs::read_to_string(&path)
        {
            let path = path.strip_prefix(root).unwrap_or(&path).to_string_lossy().replace('\\', "/");
            texts.push(Text { path, body });
        }
    }
    Ok(())
}

fn is_made(folder: &Path, name: &str) -> bool {
    let hidden = name.starts_with('.') && ![".ci", ".cargo"].contains(&name);
    hidden || ["node_modules", "grantway-data"].contains(&name) || folder.join("CACHEDIR.TAG").exists()
}

fn is_written(name: &str) -> bool {
    // `.git` is a file in a work tree beside the checkout, and holds the path to it.
    ![".git", "Cargo.lock", "package-lock.json"].contains(&name) && !name.starts_with("LICENSE")
}
