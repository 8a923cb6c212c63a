//! From where a request comes, coarsely, for the audit trail. It follows a request like its log span, so that no function
//! between the connection and the trail has to hand it on, and no story can get it by mistake.

use std::cell::RefCell;
use std::net::IpAddr;

tokio::task_local! {
    static OF_REQUEST: Option<String>;
}

thread_local! {
    static OF_WORK: RefCell<Option<String>> = const { RefCell::new(None) };
}

/// The network that an address is in: the first 16 bits of an IPv4 address, the first 32 of an IPv6 address; `local` for
/// this machine and private networks. Enough to see that somebody came from elsewhere, too little to find a household.
pub fn coarse(address: IpAddr) -> String {
    match address.to_canonical() {
        IpAddr::V4(v4) if v4.is_loopback() || v4.is_private() || v4.is_link_local() => "local".to_owned(),
        IpAddr::V4(v4) => format!("{}.{}.0.0/16", v4.octets()[0], v4.octets()[1]),
        IpAddr::V6(v6) if v6.is_loopback() || v6.is_unique_local() || v6.is_unicast_link_local() => "local".to_owned(),
        IpAddr::V6(v6) => format!("{:x}:{:x}::/32", v6.segments()[0], v6.segments()[1]),
    }
}

/// The last address of a list in `X-Forwarded-For`: that is what our own proxy saw, those before it are what the client
/// claims.
pub fn last_of(list: &str) -> Option<IpAddr> {
    list.rsplit(',').next()?.trim().parse().ok()
}

/// Runs a request that comes from there.
pub async fn during<T>(origin: Option<String>, request: impl Future<Output = T>) -> T {
    OF_REQUEST.scope(origin, request).await
}

/// Where the request that runs now comes from; `None` outside requests.
pub fn of_request() -> Option<String> {
    OF_REQUEST.try_with(Clone::clone).ok().flatten()
}

/// Runs work of a request on another thread.
pub fn with<T>(origin: Option<String>, work: impl FnOnce() -> T) -> T {
    let _reset = Reset(OF_WORK.replace(origin));
    work()
}

/// Where the work on this thread comes from.
pub fn of_work() -> Option<String> {
    OF_WORK.with_borrow(Clone::clone)
}

/// Puts back what was there, also when the work panics: threads are used again.
struct Reset(Option<String>);

impl Drop for Reset {
    fn drop(&mut self) {
        OF_WORK.set(self.0.take());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_origin_is_a_network_and_never_an_address() {
        for (address, expected) in [
            ("127.0.0.1", "local"),
            ("10.1.2.3", "local"),
            ("192.168.1.7", "local"),
            ("::1", "local"),
            ("fd00::1", "local"),
            ("203.0.113.77", "203.0.0.0/16"),
            ("::ffff:203.0.113.77", "203.0.0.0/16"),
            ("2001:db8:1234:5678::9", "2001:db8::/32"),
        ] {
            assert_eq!(coarse(address.parse().unwrap()), expected, "{address}");
        }
    }

    #[test]
    fn work_that_panics_leaves_no_origin_behind() {
        let fallen = std::panic::catch_unwind(|| with(Some("203.0.0.0/16".to_owned()), || panic!("on purpose")));
        assert!(fallen.is_err());
        assert_eq!(of_work(), None);
    }
}
