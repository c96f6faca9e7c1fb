//! Uploaded files: sealed where they are kept, in clear only while the parser reads them.

use crate::plain::PlainFile;
use crate::{Result, Services};
use domain::institution::TenantId;
use store::keys::Purpose;
use store::rows;

/// Longest name of a file in the folder of the parser, in characters.
const LONGEST_NAME: usize = 80;

impl Services {
    /// Writes a kept file in clear; it goes away with the answer.
    pub(crate) async fn open_file(
        &self,
        tenant: TenantId,
        file: &rows::StoredFile,
    ) -> Result<PlainFile> {
        let (name, plain) = (file.name.clone(), self.plain.clone());
        self.with_opened(tenant, Purpose::Source, file, move |bytes| {
            plain.write(&name, bytes)
        })
        .await
    }
}

/// The last part of a name, without anything that a file system reads.
pub(crate) fn plain_name(name: &str) -> String {
    let last = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let plain: String = last
        .chars()
        .filter(|c| !c.is_control())
        .take(LONGEST_NAME)
        .collect();
    let plain = plain.trim().trim_matches('.');
    if plain.is_empty() {
        "upload".to_owned()
    } else {
        plain.to_owned()
    }
}
