"""Articles to put into stories, and what an index makes of them."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from bot.language import analyse
from bot.model import Article
from bot.stories import StoryIndex

NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
FLOOD = "В Саратове прорвало плотину"
FLOOD_TEXT = (
    "Плотина на реке Елшанке в Саратове прорвана утром в понедельник, сообщили в МЧС. Вода подтопила сорок домов в"
    " Ленинском районе, жителей эвакуируют в школу номер семь. По словам губернатора Романа Бусаргина, угрозы"
    " для больницы нет, спасатели укрепляют берег мешками с песком."
)
FLOOD_ELSEWHERE = "Прорыв плотины в Саратове: жителей Ленинского района эвакуируют"
FLOOD_ELSEWHERE_TEXT = (
    "Спасатели эвакуируют жителей Ленинского района Саратова, где в понедельник прорвало плотину на Елшанке. По данным"
    " МЧС, подтоплено около сорока домов, людей размещают в школе. Губернатор Бусаргин заявил, что больнице вода"
    " не угрожает."
)
VOTE = "Госдума приняла закон о маркировке меда"
VOTE_TEXT = (
    "Депутаты Государственной думы во вторник приняли в третьем чтении закон об обязательной маркировке меда. Документ"
    " вступит в силу в сентябре, пасечники получат год на переход, за нарушение вводится штраф до ста тысяч рублей."
)


def written(article_id: int, title: str, text: str = "", **values: object) -> Article:
    """An article that belongs to a story of its own number."""
    article = Article(
        id=article_id,
        story_id=article_id,
        source_id=1,
        key=str(article_id),
        url=f"https://example.org/{article_id}",
        title=title,
        text=text,
        published_at=NOON,
        seen_at=NOON,
    )
    return replace(article, **values)  # type: ignore[arg-type]


def index_of(*articles: Article) -> StoryIndex:
    index = StoryIndex()
    for article in articles:
        remember(index, article)
    return index


def remember(index: StoryIndex, article: Article) -> None:
    index.add(article.id, article.story_id, index.weigh(article, analyse(article)))


def found(index: StoryIndex, article: Article) -> int | None:
    return index.find(index.weigh(article, analyse(article)))
