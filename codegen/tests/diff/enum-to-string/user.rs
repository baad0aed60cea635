use zoo_v1::schemas::{Animal, AnimalKind};

pub fn cat() -> Animal {
    Animal::default().set_kind(AnimalKind::Cat)
}
