pub fn schema() -> schemasync::Schema { schemasync::Schema::default() }
