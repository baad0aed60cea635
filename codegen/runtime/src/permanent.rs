//! Failures of the transport that another try would only repeat.

use std::error::Error;
use std::io;

use super::body::UnsupportedEncoding;
#[cfg(any(feature = "ring", feature = "aws-lc-rs"))]
use super::connector::ProxyError;

/// Whether the same would happen again: the two sides do not trust or understand each other, or a
/// proxy refuses. The cause may be deep inside of what the HTTP client says.
pub(super) fn is_permanent(error: &(dyn Error + 'static)) -> bool {
    let mut next = Some(error);
    // A bound, because a chain is made by others.
    for _ in 0..16 {
        let Some(error) = next else { break };
        if is_final(error) {
            return true;
        }
        next = match error.downcast_ref::<io::Error>() {
            // Its source is the source of what it holds.
            Some(error) => error.get_ref().map(|error| error as &(dyn Error + 'static)),
            None => error.source(),
        };
    }
    false
}

fn is_final(error: &(dyn Error + 'static)) -> bool {
    #[cfg(any(feature = "ring", feature = "aws-lc-rs"))]
    if error.downcast_ref().is_some_and(ProxyError::is_permanent)
        || error.downcast_ref().is_some_and(tls::is_permanent)
        || error.downcast_ref().is_some_and(tls::says_permanent)
    {
        return true;
    }
    error.is::<UnsupportedEncoding>()
}

#[cfg(any(feature = "ring", feature = "aws-lc-rs"))]
mod tls {
    use std::io;

    use rustls::{AlertDescription, Error};

    /// The other side does not accept our certificate, or has nothing that both sides can speak.
    const FINAL_ALERTS: [AlertDescription; 15] = [
        AlertDescription::HandshakeFailure,
        AlertDescription::NoCertificate,
        AlertDescription::BadCertificate,
        AlertDescription::UnsupportedCertificate,
        AlertDescription::CertificateRevoked,
        AlertDescription::CertificateExpired,
        AlertDescription::CertificateUnknown,
        AlertDescription::UnknownCA,
        AlertDescription::AccessDenied,
        AlertDescription::DecryptError,
        AlertDescription::ProtocolVersion,
        AlertDescription::InsufficientSecurity,
        AlertDescription::UnrecognisedName,
        AlertDescription::CertificateRequired,
        AlertDescription::NoApplicationProtocol,
    ];

    /// A certificate that is not accepted, here or there, or nothing that both sides can speak.
    pub(super) fn is_permanent(error: &Error) -> bool {
        match error {
            Error::InvalidCertificate(_)
            | Error::NoCertificatesPresented
            | Error::UnsupportedNameType
            | Error::PeerIncompatible(_)
            | Error::NoApplicationProtocol
            | Error::InvalidCertRevocationList(_)
            | Error::InconsistentKeys(_) => true,
            Error::AlertReceived(alert) => FINAL_ALERTS.contains(alert),
            _ => false,
        }
    }

    /// The same of an alert of which only the text is left: HTTP/2 keeps no more. With TLS 1.3 an
    /// alert about our certificate comes that late.
    pub(super) fn says_permanent(error: &io::Error) -> bool {
        error.kind() == io::ErrorKind::InvalidData && {
            let text = error.to_string();
            FINAL_ALERTS.iter().any(|alert| Error::AlertReceived(*alert).to_string() == text)
        }
    }
}
