//! A register file and what its Society says about it.

use std::fs::File;
use std::io::{BufReader, Seek as _};
use std::path::{Path, PathBuf};

use registers::{Manifest, Mapping, RegisterError, is_described, read, verify};
use sha2::{Digest, Sha256};

use super::stage::Progress;
use crate::error::Failure;

/// Bytes read from the file at once.
const READ: usize = 256 * 1024;

/// A file and what its Society says about it.
pub struct Source {
    pub(super) file: PathBuf,
    /// Opened once: a file that is put in its place meanwhile is not read.
    opened: File,
    pub(super) manifest: Manifest,
    pub(super) mapping: Option<Mapping>,
    pub(super) manifest_text: String,
    pub(super) digest: [u8; 32],
    pub(super) replace: bool,
}

impl Source {
    /// Reads manifest and mapping.
    ///
    /// # Errors
    /// Settings that do not parse, or a file that is not there.
    pub fn open(file: &Path, manifest: &Path, mapping: Option<&Path>) -> Result<Self, Failure> {
        let text =
            |path: &Path| std::fs::read_to_string(path).map_err(|e| Failure::usage(format!("{}: {e}", path.display())));
        let manifest_text = text(manifest)?;
        let about = Manifest::parse(&manifest_text).map_err(|e| wrong(manifest, &e))?;
        let mapping_text = mapping.map(text).transpose()?;
        let parsed = match (mapping, &mapping_text) {
            (Some(path), Some(text)) => Some(Mapping::parse(text).map_err(|e| wrong(path, &e))?),
            _ => None,
        };
        // The manifest holds the file's own digest. The same bytes under a corrected mapping are another import.
        let mut hash = Sha256::new();
        for text in [manifest_text.as_str(), mapping_text.as_deref().unwrap_or_default()] {
            hash.update(Sha256::digest(text));
        }
        let digest = hash.finalize().into();
        let opened = File::open(file).map_err(|e| Failure::usage(format!("{}: {e}", file.display())))?;
        let file = file.to_owned();
        Ok(Self { file, opened, manifest: about, mapping: parsed, manifest_text, digest, replace: false })
    }

    /// Gives up another import of this register of which nothing was applied, where there is one.
    #[must_use]
    pub const fn replacing(mut self, yes: bool) -> Self {
        self.replace = yes;
        self
    }

    /// What the manifest says.
    #[must_use]
    pub const fn manifest(&self) -> &Manifest {
        &self.manifest
    }

    /// From the start of the file. One reader at a time: all share its position.
    pub(super) fn reader(&self) -> Result<BufReader<File>, Failure> {
        let again = || {
            let mut file = self.opened.try_clone()?;
            file.rewind()?;
            Ok(BufReader::with_capacity(READ, file))
        };
        again().map_err(|e: std::io::Error| Failure::usage(format!("{}: {e}", self.file.display())))
    }

    /// Says at once what is wrong with the head of the file; then whether its bytes are those of the manifest.
    pub(super) fn check(&self, progress: &mut Progress<'_>) -> Result<(), Failure> {
        let refused = |e| wrong(&self.file, &e);
        let (about, mapping) = (&self.manifest, self.mapping.as_ref());
        read(self.reader()?, about, mapping).and_then(|mut rows| rows.next().transpose()).map_err(refused)?;
        let bytes = self.opened.metadata()?.len();
        if is_described(self.reader()?, about, |done| progress("checking", (done, bytes))).map_err(refused)? {
            return Ok(());
        }
        // A damaged row says more than a digest.
        verify(self.reader()?, about, mapping, |rows, _| progress("checking", (rows, about.rows))).map_err(refused)?;
        Err(refused(RegisterError::Digest))
    }
}

pub(super) fn wrong(path: &Path, error: &RegisterError) -> Failure {
    Failure::usage(format!("{}: {error}", path.display()))
}
