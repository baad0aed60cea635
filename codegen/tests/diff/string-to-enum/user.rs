use zoo_v1::schemas::Animal;

pub fn kind(animal: &Animal) -> &str {
    animal.kind.as_deref().unwrap_or("unknown")
}
