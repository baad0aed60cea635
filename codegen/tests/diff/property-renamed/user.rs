use zoo_v1::schemas::Animal;

pub fn paint(color: &str) -> Animal {
    Animal::default().set_color(color)
}
