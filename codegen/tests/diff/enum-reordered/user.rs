use zoo_v1::schemas::{Animal, AnimalKind};

pub fn sound(animal: &Animal) -> &'static str {
    match &animal.kind {
        Some(AnimalKind::Cat) => "meow",
        Some(AnimalKind::Dog) => "woof",
        _ => "?",
    }
}
