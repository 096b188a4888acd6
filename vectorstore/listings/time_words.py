"""The words of which pages make dates: names of months, and what "3 days ago" is in the languages of the web.

The months are those of Unicode's CLDR 47 for 41 languages, full and short, without accents; babel, which carries
it, would bring 10 MB for these 5 kB. Names of different months in two languages (Croatian "lipanj") are left out.
"""

import unicodedata
from typing import Literal

Unit = Literal["hour", "day", "week", "month", "year"]  # what is shorter counts as an hour

_MONTHS = (
    "ene enero gen gener gennaio ian ianuarie jaan jaanuar jan janar janeiro januar januara januari january janv "
    "janvaris janvier led leden ledna oca ocak saus sausio sausis sty styczen stycznia tammi tammikuu tammikuuta urt "
    "urtarrila xan xaneiro yan yanvar ιαν ιανουαριοσ ιανουαριου сту студзень студзеня січ січень січня янв январь "
    "января яну януари јан јануар јануари қаң қаңтар հնվ հունվար հունվարի ינואר يناير ژانویه იან იანვარი",
    "feb febbraio febr febreiro febrer febrero februar februara februari februarie februaris february fev fevereiro "
    "fevr fevral fevrier helmi helmikuu helmikuuta lut lutego luty ots otsaila shk shkurt sub subat uno unor unora "
    "vas vasario vasaris veebr veebruar φεβ φεβρουαριοσ φεβρουαριου ақп ақпан лют лютага лютии лютого люты феб "
    "фебруар фев февр февраль февраля февруари փետրվար փետրվարի փտվ פברואר فبراير فوریه თებ თებერვალი",
    "bre brezen brezna kov kovas kovo maalis maaliskuu maaliskuuta maart mac mar marc marca march marcius marco marec "
    "maret mars mart martie marts martxoa marz marzec marzo mrt μαρ μαρτιοσ μαρτιου бер березень березня мар март "
    "марта нау наурыз сак сакавік сакавіка մարտ մարտի մրտ מרץ مارس მარ მარტი",
    "abr abril api apirila apr aprel april aprila aprile aprilie aprilis aprill avr avril bal balandis balandzio dub "
    "duben dubna huhti huhtikuu huhtikuuta kwi kwiecien kwietnia nis nisan pri prill απρ απριλιοσ απριλιου апр апрель "
    "апреля април квіт квітень квітня кра красавік красавіка сәу сәуір ապր ապրիլ ապրիլի אפריל ابريل اوریل აპრ აპრილი",
    "geg geguze geguzes kve kveten kvetna mag maggio mai maiatza maig maijs maio maj maja majus may mayo mayıs mei "
    "touko toukokuu toukokuuta μαι μαιοσ μαιου маи мам мамыр мая мај трав травень травня մայիս մայիսի մյս מאי مايو "
    "მაი მაისი",
    "birz birzelio birzelis cerven cervna cvn cze czerwca czerwiec eka ekaina giu giugno haz haziran iun iunie iyn "
    "iyun juin jun juna june junho juni junij junijs junio junius juny juuni kesa kesakuu kesakuuta qer qershor xuno "
    "ιουν ιουνιοσ ιουνιου июн июнь июня мау маусым черв червень червня чэр чэрвень чэрвеня юни јун јуни հնս հունիս "
    "հունիսի יוני يونيو ژوين ივნ ივნისი",
    "cervence cervenec cvc heina heinakuu heinakuuta iul iulie iyl iyul juil juillet jul jula julai julho juli julij "
    "julijs julio juliol julius july juuli korr korrik liep liepa liepos lip lipca lipiec lug luglio tem temmuz uzt "
    "uztaila xul xullo ιουλ ιουλιοσ ιουλιου июл июль июля лип липень липня ліп ліпень ліпеня шіл шілде юли јул јули "
    "հլս հուլիս հուլիսի יולי يوليو ژويیه ივლ ივლისი",
    "abu abuztua ago agost agosto agu agust agustos agustus aout aug august augusta augusti augusts augustus "
    "augusztus avg avgust avq avqust elo elokuu elokuuta gush gusht ogo ogos rugp rugpjucio rugpjutis sie sierpien "
    "sierpnia srp srpen srpna αυγ αυγουστοσ αυγουστου авг август августа жні жнівень жніуня серп серпень серпня там "
    "тамыз օգոստոս օգոստոսի օգս אוגוסט اغسطس اوت अगसत აგვ აგვისტო",
    "eyl eylul ira iraila rugs rugsejis rugsejo sen sentyabr sep sept septembar september septembra septembre "
    "septembrie septembris septiembre set setembre setembro settembre sht shtator syys syyskuu syyskuuta szept "
    "szeptember wrz wrzesien wrzesnia zar zari σεπ σεπτεμβριοσ σεπτεμβριου вер верасень верасня вересень вересня сент "
    "сентябрь сентября сеп септембар септември қыр қыркүиек սեպ սեպտեմբեր սեպտեմբերի ספטמבר سبتمبر سپتامبر სექ "
    "სექტემბერი",
    "eki ekim loka lokakuu lokakuuta oct october octobre octombrie octubre okt oktobar oktober oktobra oktobris "
    "oktoober oktyabr ott ottobre out outubro paz pazdziernik pazdziernika rij rijen rijna spal spalio spalis tet "
    "tetor urr urria οκτ οκτωβριοσ οκτωβριου жовт жовтень жовтня кас кастрычнік кастрычніка окт октобар октомври "
    "октябрь октября қаз қазан հոկ հոկտեմբեր հոկտեմբերի אוקטובר اكتوبر اکتبر ოქტ ოქტომბერი",
    "aza azaroa kas kasım lapkr lapkricio lapkritis lis listopad listopada listopadu marras marraskuu marraskuuta nen "
    "nentor noiembrie nov novembar november novembra novembre novembris novembro noviembre noy noyabr νοε νοεμβριοσ "
    "νοεμβριου лист листопад листопада ліс лістапад лістапада нов новембар ное ноември нояб ноябрь ноября қар қараша "
    "նոյ նոյեմբեր նոյեմբերի נובמבר نوامبر نوفمبر ნოე ნოემბერი",
    "abe abendua ara aralık dec decembar december decembra decembre decembrie decembris decembro dek dekabr des "
    "desember desembre dets detsember dez dezember dezembro dhj dhjetor dic dicembre diciembre dis disember gru "
    "grudnia grudzien gruod gruodis gruodzio joulu joulukuu joulukuuta pro prosince prosinec δεκ δεκεμβριοσ "
    "δεκεμβριου груд грудень грудня дек декабрь декабря декември дец децембар жел желтоқсан сне снежань снежня դեկ "
    "դեկտեմբեր դեկտեմբերի דצמבר دسامبر ديسمبر დეკ დეკემბერი",
)
# Chinese, Japanese and Korean are not spaced: the mark for "ago" may be part of the unit.
_UNITS: dict[Unit, str] = {
    "hour": (
        "s h second seconds sec secs minute minutes min mins hour hours hr hrs stunde stunden std minuten heure "
        "heures hora horas minuto minutos ora ore minuti uur minuut timme timmar minuter time timer minutter tunti "
        "tuntia minuuttia godzina godzine godziny godzin minut minuty hodina hodinou hodinami час часа часов минут "
        "минуты минуту година години годин хвилин saat dakika ωρα ωρες λεπτα jam menit gio phut ساعة ساعات دقيقة "
        "دقائق שעה שעות דקות 小时 小時 小时前 小時前 時間 時間前 分钟前 分鐘前 分前 시간 시간전 분 분전"
    ),
    "day": (
        "d day days tag tage tagen jour jours dia dias giorno giorni dag dagen dagar dage paiva paivaa dzien dni "
        "dniami dnem den день дня днеи днів дні дни gun ημερα ημερες hari ngay zi zile nap napja يوم ايام أيام يومين "
        "יום ימים 天 天前 日前 일 일전"
    ),
    "week": (
        "w week weeks wk wks woche wochen semaine semaines semana semanas settimana settimane weken vecka veckor uge "
        "uger uke uker viikko viikkoa tydzien tygodnie tygodni tyden tydny týdny неделя неделю недели недель тиждень "
        "тижні тижнів hafta εβδομαδα εβδομαδες minggu tuan اسبوع أسبوع اسابيع أسابيع שבוע שבועות 周 週 周前 週前 "
        "週間前 星期前 주 주전"
    ),
    "month": (
        "month months mo mos monat monate monaten mois mes meses mese mesi maand maanden manad manader maned maneder "
        "maaned maaneder kuukausi kuukautta miesiac miesiace miesiecy mesic mesici месяц месяца месяцев місяць місяці "
        "місяців ay μηνα μηνες bulan thang شهر اشهر أشهر שהור חודש חודשים 个月前 個月前 "
        "か月前 ヶ月前 カ月前 ヵ月前 月前 개월 개월전 달"
    ),
    "year": (
        "year years yr yrs jahr jahre jahren an ans annee annees ano anos anno anni jaar ar vuosi vuotta rok lata lat "
        "roky rokem год года лет рік роки років yil χρονο χρονια tahun nam سنة سنوات שנה שנים 年前 년 년전"
    ),
}
_AGO = (
    "ago last vor przed hace fa ha geleden sedan siden sitten temu pred назад тому once πριν lalu truoc منذ قبل לפני "
    "il há acum 前 전"
)
_ONE = "a an one ein eine einem einer un une una um uma uno een en ett et yksi один одну одна bir"
_TODAY = (
    "today now heute aujourdhui hoy hoje oggi vandaag idag сегодня сьогодні dzisiaj dnes bugun σημερα 今天 今日 오늘 "
    "اليوم היום"
)
_YESTERDAY = (
    "yesterday gestern hier ayer ontem ieri gisteren igar вчера вчора wczoraj vcera dun χθες 昨天 昨日 어제 أمس אתמול"
)


def unaccented(text: str) -> str:
    """Return text in small letters without accents and invisible characters, its digits as 0 to 9."""
    decomposed = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold())
    seen = (_digit(each) for each in decomposed if unicodedata.category(each) not in ("Mn", "Cf"))
    return unicodedata.normalize("NFC", "".join(seen))  # for syllables of Hangul


def _digit(character: str) -> str:
    return str(unicodedata.decimal(character, character))


def _words(text: str) -> frozenset[str]:
    return frozenset(unaccented(text).split())


MONTHS = {word: number for number, names in enumerate(_MONTHS, start=1) for word in _words(names)}
UNITS: dict[str, Unit] = {word: unit for unit, names in _UNITS.items() for word in _words(names)}
AGO, ONE, TODAY, YESTERDAY = _words(_AGO), _words(_ONE), _words(_TODAY), _words(_YESTERDAY)
