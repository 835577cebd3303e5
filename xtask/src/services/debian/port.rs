//! Ports of this machine.

use crate::Result;
use std::net::{Ipv4Addr, TcpListener};

/// How many ports are tried.
const TRIES: u16 = 50;

/// The first port from `preferred` on that nobody listens on: the same one each time, unless it is taken.
pub(super) fn free_from(preferred: u16) -> Result<u16> {
    (preferred..preferred + TRIES)
        .find(|port| TcpListener::bind((Ipv4Addr::LOCALHOST, *port)).is_ok())
        .ok_or_else(|| format!("no free port from {preferred} to {}", preferred + TRIES - 1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_taken_port_is_passed_over() {
        let (_taken, port) = (20000..30000)
            .find_map(|port| Some((TcpListener::bind((Ipv4Addr::LOCALHOST, port)).ok()?, port)))
            .expect("one port in ten thousand is free");
        assert!(free_from(port).expect("another one is free") > port);
    }
}
