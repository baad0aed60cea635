use zoo_v1::ZooService;
use zoo_v1::schemas::AnimalList;

pub async fn second_page(hub: &ZooService) -> Option<zoo_v1::Result<AnimalList>> {
    let mut pages = hub.animals().list().pages();
    pages.next().await;
    pages.next().await
}
