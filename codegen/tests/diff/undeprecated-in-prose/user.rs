use zoo_v1::schemas::Animal;

pub fn rename(animal: Animal) -> Animal {
    let name = animal.name.clone().unwrap_or_default();
    animal.set_name(name.to_uppercase())
}
