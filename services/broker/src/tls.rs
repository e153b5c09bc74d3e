//! Connections with a time limit, plain or under TLS with the machine's certificates.

use std::sync::{Arc, OnceLock};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_rustls::TlsConnector;
use tokio_rustls::rustls::{ClientConfig, RootCertStore, pki_types::ServerName};

/// For a connection with its handshake.
const CONNECT_LIMIT: Duration = Duration::from_secs(15);

/// A stream of bytes.
pub trait Stream: AsyncRead + AsyncWrite + Unpin + Send {}

impl<T: AsyncRead + AsyncWrite + Unpin + Send> Stream for T {}

/// Connects; nothing has been said yet when it fails.
///
/// # Errors
/// What the network or the handshake says.
pub async fn connect(host: &str, port: u16, tls: bool) -> std::io::Result<Box<dyn Stream>> {
    let late = || std::io::Error::from(std::io::ErrorKind::TimedOut);
    let plain = timeout(CONNECT_LIMIT, TcpStream::connect((host, port))).await.map_err(|_| late())??;
    plain.set_nodelay(true)?;
    if !tls {
        return Ok(Box::new(plain));
    }
    let name = ServerName::try_from(host.to_owned()).map_err(std::io::Error::other)?;
    let connector = TlsConnector::from(client_config()?);
    let secured = timeout(CONNECT_LIMIT, connector.connect(name, plain)).await.map_err(|_| late())??;
    Ok(Box::new(secured))
}

fn client_config() -> std::io::Result<Arc<ClientConfig>> {
    static CONFIG: OnceLock<Arc<ClientConfig>> = OnceLock::new();
    if let Some(config) = CONFIG.get() {
        return Ok(config.clone());
    }
    let mut roots = RootCertStore::empty();
    roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
    let provider = Arc::new(tokio_rustls::rustls::crypto::ring::default_provider());
    let builder = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(std::io::Error::other)?;
    let config = Arc::new(builder.with_root_certificates(roots).with_no_client_auth());
    Ok(CONFIG.get_or_init(|| config).clone())
}
