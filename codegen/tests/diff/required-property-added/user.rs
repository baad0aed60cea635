use zoo_v1::schemas::Animal;

pub fn named(name: &str) -> Animal {
    Animal::default().set_name(name)
}

pub fn name_of(animal: Animal) -> Option<String> {
    let Animal { name, .. } = animal;
    name
}
