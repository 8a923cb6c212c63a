//! Settings of the identity provider.

use std::path::PathBuf;

use super::Reader;

/// Where and as whom people are sent to log in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OidcSettings {
    /// Address of the provider, exactly as it calls itself.
    pub issuer: String,
    /// Our name there.
    pub client_id: String,
    /// File with our secret there.
    pub client_secret_file: PathBuf,
    /// What is asked for, `openid` among it.
    pub scopes: Vec<String>,
    /// What stands on the button.
    pub name: String,
    /// Values of `amr` or `acr` that are believed to mean that a second factor was used; none when empty.
    pub second_factor_values: Vec<String>,
}

impl<F: Fn(&str) -> Option<String>> Reader<F> {
    /// The settings; `None` when no issuer is set.
    pub(super) fn oidc(&mut self) -> Option<OidcSettings> {
        let issuer = (self.get)("DUIDING_OIDC_ISSUER")?.trim().to_owned();
        if !is_safe(&issuer) {
            let message = format!("must begin with https:// (or http://localhost, for trying out), not {issuer:?}");
            self.problems.add("DUIDING_OIDC_ISSUER", "wrongFormat", message);
        }
        let scopes = (self.get)("DUIDING_OIDC_SCOPES").unwrap_or_else(|| "email profile".to_owned());
        let scopes = scopes.split_whitespace().filter(|s| *s != "openid").map(str::to_owned).collect();
        let values = (self.get)("DUIDING_OIDC_SECOND_FACTOR_VALUES").unwrap_or_default();
        Some(OidcSettings {
            issuer,
            client_id: self.required("DUIDING_OIDC_CLIENT_ID"),
            client_secret_file: self.secret_file("DUIDING_OIDC_CLIENT_SECRET_FILE"),
            scopes,
            name: (self.get)("DUIDING_OIDC_NAME").map_or_else(|| "Single sign-on".to_owned(), |n| n.trim().to_owned()),
            second_factor_values: values.split_whitespace().map(str::to_owned).collect(),
        })
    }

    fn required(&mut self, name: &str) -> String {
        let text = (self.get)(name).unwrap_or_default().trim().to_owned();
        if text.is_empty() {
            self.problems.add(name, "required", "is needed beside DUIDING_OIDC_ISSUER");
        }
        text
    }

    fn secret_file(&mut self, name: &str) -> PathBuf {
        let path = PathBuf::from(self.required(name));
        if !path.as_os_str().is_empty() && !path.is_file() {
            self.problems.add(name, "notFound", format!("there is no file {}", path.display()));
        }
        path
    }
}

/// Whether what is read there cannot be changed on the way: TLS, or this machine itself.
pub fn is_safe(address: &str) -> bool {
    // Read as the client reads it: what looks like the host may be a name and password before it.
    let Ok(url) = url::Url::parse(address) else { return false };
    let is_here = || ["localhost", "127.0.0.1", "[::1]"].contains(&url.host_str().unwrap_or_default());
    url.scheme() == "https" || url.scheme() == "http" && is_here()
}

#[cfg(test)]
mod tests {
    use super::is_safe;

    #[test]
    fn a_provider_is_reached_by_tls_or_is_this_machine() {
        for safe in ["https://id.example.org/realms/a", "http://localhost:8081", "http://127.0.0.1:1/x", "http://[::1]:8080"] {
            assert!(is_safe(safe), "{safe}");
        }
        for other in [
            "http://id.example.org",
            "http://localhost.example.org",
            "http://localhost@example.org/",
            "http://localhost:80@example.org/",
            "http://127.0.0.1:@example.org",
            "https://",
            "ftp://x",
            "",
        ] {
            assert!(!is_safe(other), "{other}");
        }
    }
}
