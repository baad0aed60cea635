use zoo_v1::ZooService;
use zoo_v1::media::Media;
use zoo_v1::schemas::Animal;

pub async fn rename(hub: &ZooService, name: &str, photo: Vec<u8>) -> zoo_v1::Result<Animal> {
    let animal = Animal::default().set_name(name);
    let photo = Media::bytes("image/png", photo);
    hub.animals().update("a1", &animal).upload(photo).await
}
