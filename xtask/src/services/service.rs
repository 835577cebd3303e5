//! The servers that the tests know: their names, environment variables, ports and URLs.

/// One kind of server. The order is the order in which they are brought up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Service {
    Postgres,
    /// Transaction pooling in front of [`Service::Postgres`].
    Pgbouncer,
    Mysql,
    Mariadb,
}

impl Service {
    pub(crate) const ALL: [Self; 4] = [Self::Postgres, Self::Pgbouncer, Self::Mysql, Self::Mariadb];

    pub(crate) fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|service| service.name() == name)
    }

    /// The name on the command line, in compose.yaml and of the files under `.services/`.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Postgres => "postgres",
            Self::Pgbouncer => "pgbouncer",
            Self::Mysql => "mysql",
            Self::Mariadb => "mariadb",
        }
    }

    /// The variable that gives the tests the URL, and by which a user brings a server of their own.
    pub(crate) fn variable(self) -> &'static str {
        match self {
            Self::Postgres => "SCHEMASYNC_TEST_POSTGRES_URL",
            Self::Pgbouncer => "SCHEMASYNC_TEST_PGBOUNCER_URL",
            Self::Mysql => "SCHEMASYNC_TEST_MYSQL_URL",
            Self::Mariadb => "SCHEMASYNC_TEST_MARIADB_URL",
        }
    }

    /// The URL of a server of ours: its superuser, and the database that every such server has.
    pub(crate) fn url(self, port: u16) -> String {
        match self {
            Self::Postgres | Self::Pgbouncer => format!("postgres://postgres:postgres@127.0.0.1:{port}/postgres"),
            Self::Mysql | Self::Mariadb => format!("mysql://root@127.0.0.1:{port}/mysql"),
        }
    }

    /// The server that must be there first.
    pub(crate) fn behind(self) -> Option<Self> {
        (self == Self::Pgbouncer).then_some(Self::Postgres)
    }

    /// The port inside a container.
    pub(crate) fn usual_port(self) -> u16 {
        match self {
            Self::Postgres => 5432,
            Self::Pgbouncer => 6432,
            Self::Mysql | Self::Mariadb => 3306,
        }
    }

    /// The first port to try on this machine: below the range that the system gives to outgoing connections.
    pub(crate) fn preferred_port(self) -> u16 {
        match self {
            Self::Postgres => 25432,
            Self::Pgbouncer => 26432,
            Self::Mysql => 23306,
            Self::Mariadb => 24306,
        }
    }
}
