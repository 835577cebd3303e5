//! Certificates of a server's own, for the tests of TLS: an authority, the server's certificate from it, and an authority that has nothing
//! to do with either.

use super::chroot::{Chroot, words};
use super::daemon::{empty_folder, run};
use crate::Result;
use std::path::Path;

/// The folder in the root: `ca.crt`, `server.crt`, `server.key`, `other.crt`.
pub(super) const FOLDER: &str = "/data/tls";

/// The server is `localhost`, and nothing else: by its address it is not who it says.
const CONFIG: &str = "[req]
distinguished_name = name
prompt = no
[name]
CN = localhost
[authority]
basicConstraints = critical, CA:TRUE
keyUsage = critical, keyCertSign, cRLSign
subjectKeyIdentifier = hash
[server]
basicConstraints = critical, CA:FALSE
keyUsage = critical, digitalSignature
extendedKeyUsage = serverAuth
subjectAltName = DNS:localhost
";

/// Makes them, for that user.
pub(super) fn make(root: &Chroot, user: &str, log: &Path) -> Result<()> {
    empty_folder(root, user, FOLDER, log)?;
    root.write(&format!("{FOLDER}/openssl.cnf"), CONFIG)?;
    let make = |name: &str, extensions: &str, signed: &str| {
        let command = format!(
            "openssl req -x509 -batch -config {FOLDER}/openssl.cnf -extensions {extensions} -subj /CN={name} -days 30 -nodes -newkey ec \
             -pkeyopt ec_paramgen_curve:prime256v1 -keyout {FOLDER}/{name}.key -out {FOLDER}/{name}.crt {signed}"
        );
        run(root, user, &words(&command), log)
    };
    make("ca", "authority", "")?;
    make("other", "authority", "")?;
    make("server", "server", &format!("-CA {FOLDER}/ca.crt -CAkey {FOLDER}/ca.key"))
}
