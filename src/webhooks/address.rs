//! Which addresses are out in the world. All others are ours, our neighbours' or nobody's: a webhook that reaches them would
//! speak to what trusts this machine.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use crate::domain::problem::Problems;
use crate::domain::webhook::parse_url;

/// The address of a webhook in its usual form; `private` allows all. Errors, at `$.url`: it is none that can be told, or is
/// written as a private number. A name is looked up whenever it is dialled.
pub fn checked_url(text: &str, private: bool) -> Result<String, Problems> {
    let url = parse_url("$.url", text, private)?;
    let number = match url.host() {
        Some(url::Host::Ipv4(v4)) => Some(v4.into()),
        Some(url::Host::Ipv6(v6)) => Some(v6.into()),
        _ => None,
    };
    if !private && number.is_some_and(|address| !is_public(address)) {
        return Err(Problems::one("$.url", "privateAddress", "must be an address that can be reached from anywhere"));
    }
    Ok(url.to_string())
}

/// Whether an address is a public one. Whatever is not known to be public is not.
pub fn is_public(address: IpAddr) -> bool {
    match address.to_canonical() {
        IpAddr::V4(v4) => is_public_v4(v4),
        IpAddr::V6(v6) => is_public_v6(v6),
    }
}

fn is_public_v4(address: Ipv4Addr) -> bool {
    let [a, b, c, _] = address.octets();
    let special = match (a, b, c) {
        (0 | 10 | 127, ..) => true,                               // this network, private, loopback
        (100, 64..=127, _) => true,                               // shared by a provider (CGNAT)
        (169, 254, _) => true,                                    // link-local, metadata of clouds
        (172, 16..=31, _) | (192, 168, _) => true,                // private
        (192, 0, 0 | 2) | (198, 51, 100) | (203, 0, 113) => true, // protocols, documentation
        (192, 88, 99) | (198, 18..=19, _) => true,                // relays, benchmarks
        (224.., ..) => true,                                      // multicast, reserved, broadcast
        _ => false,
    };
    !special
}

/// Only 2000::/3 is given out; in it some is for protocols, for documentation, or holds an IPv4 address.
fn is_public_v6(address: Ipv6Addr) -> bool {
    let [a, b, ..] = address.segments();
    let special = match (a, b) {
        (0x2001, 0..=0x1ff) => true, // protocols, Teredo
        (0x2001, 0xdb8) => true,     // documentation
        (0x2002, _) => true,         // 6to4
        (0x3fff, 0..=0xfff) => true, // documentation
        _ => false,
    };
    (a & 0xe000) == 0x2000 && !special
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_out_in_the_world_is_refused_in_every_form() {
        for address in [
            "0.0.0.0",
            "0.1.2.3",
            "10.0.0.1",
            "100.64.0.1",
            "100.127.255.255",
            "127.0.0.1",
            "127.255.0.1",
            "169.254.169.254",
            "172.16.0.1",
            "172.31.255.255",
            "192.0.0.1",
            "192.0.2.1",
            "192.168.1.1",
            "192.88.99.1",
            "198.18.0.1",
            "198.19.255.255",
            "198.51.100.1",
            "203.0.113.1",
            "224.0.0.1",
            "239.255.255.255",
            "240.0.0.1",
            "255.255.255.255",
        ] {
            let v4: Ipv4Addr = address.parse().unwrap();
            assert!(!is_public(IpAddr::V4(v4)), "{address}");
            assert!(!is_public(IpAddr::V6(v4.to_ipv6_mapped())), "{address} mapped");
            assert!(!is_public(IpAddr::V6(v4.to_ipv6_compatible())), "{address} compatible");
        }
        for address in [
            "::",
            "::1",
            "::ffff:127.0.0.1",
            "64:ff9b::a00:1",
            "64:ff9b:1::1",
            "100::1",
            "2001::1",
            "2001:db8::1",
            "2002:a00:1::1",
            "3fff::1",
            "fc00::1",
            "fd00:ec2::254",
            "fe80::1",
            "fec0::1",
            "ff02::1",
        ] {
            assert!(!is_public(address.parse().unwrap()), "{address}");
        }
    }

    #[test]
    fn what_is_out_in_the_world_is_reached() {
        for address in ["1.1.1.1", "100.63.255.255", "100.128.0.1", "172.15.0.1", "172.32.0.1", "192.0.1.1", "223.255.255.255"] {
            assert!(is_public(address.parse().unwrap()), "{address}");
        }
        for address in ["2606:4700::1111", "2a00:1450::1", "2001:200::1", "::ffff:1.1.1.1"] {
            assert!(is_public(address.parse().unwrap()), "{address}");
        }
    }
}
