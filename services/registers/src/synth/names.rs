//! Names of invented people: common names with their spellings, and composed ones, so that a population of
//! half a million does not consist of four hundred namesakes.

use super::dice::Dice;

/// A name in its own script and the Latin spellings under which registers hold it, `|` between them.
type Entry = (&'static str, &'static str);

/// A naming tradition: a script, its common names, and syllables from which further family names are composed.
pub(super) struct Culture {
    /// Languages, best known first (BCP-47).
    pub(super) languages: &'static [&'static str],
    /// Written without spaces between names.
    pub(super) joined: bool,
    /// The family name comes first.
    pub(super) family_first: bool,
    male: &'static [Entry],
    female: &'static [Entry],
    family: &'static [Entry],
    heads: &'static [Entry],
    tails: &'static [Entry],
}

/// A name of one person in every spelling that a register may hold.
#[derive(Clone)]
pub(super) struct Spelled {
    pub(super) native: String,
    pub(super) latin: Vec<String>,
}

impl Spelled {
    fn of((native, latin): Entry) -> Self {
        Self {
            native: native.to_owned(),
            latin: latin.split('|').map(str::to_owned).collect(),
        }
    }

    /// One of the Latin spellings; the first is the most common.
    pub(super) fn latin(&self, dice: &mut Dice) -> &str {
        let last = self.latin.len().saturating_sub(1) as u64;
        let at = if dice.percent(60) {
            0
        } else {
            dice.below(last + 1)
        };
        self.latin
            .get(at as usize)
            .map_or(&self.native, |text| text)
    }
}

impl Culture {
    /// A given name. Low indices are drawn more often, as in life.
    pub(super) fn given(&self, male: bool, dice: &mut Dice) -> Spelled {
        let list = if male { self.male } else { self.female };
        let first = Spelled::of(skewed(list, dice));
        if self.joined && dice.percent(70) {
            return join(&first, &Spelled::of(skewed(list, dice)), "");
        }
        first
    }

    /// A family name: common or composed.
    pub(super) fn family(&self, dice: &mut Dice) -> Spelled {
        if self.heads.is_empty() || dice.percent(35) {
            return Spelled::of(skewed(self.family, dice));
        }
        let mut composed = Spelled::of(*dice.pick(self.heads));
        if dice.percent(60) {
            composed = join(&composed, &Spelled::of(*dice.pick(self.heads)), "");
        }
        join(&composed, &Spelled::of(*dice.pick(self.tails)), "")
    }
}

fn skewed(list: &'static [Entry], dice: &mut Dice) -> Entry {
    let n = list.len() as u64;
    let (a, b) = (dice.below(n), dice.below(n));
    list[a.min(b) as usize]
}

fn join(a: &Spelled, b: &Spelled, between: &str) -> Spelled {
    let n = a.latin.len().max(b.latin.len());
    let cap = |text: &str| {
        let lower = text.to_lowercase();
        let mut chars = lower.chars();
        chars.next().map_or_else(String::new, |first| {
            first.to_uppercase().chain(chars).collect()
        })
    };
    Spelled {
        native: if a.native.is_ascii() || is_cased(&a.native) {
            cap(&format!("{}{between}{}", a.native, b.native))
        } else {
            format!("{}{between}{}", a.native, b.native)
        },
        latin: (0..n)
            .map(|i| {
                let left = &a.latin[i.min(a.latin.len() - 1)];
                let right = &b.latin[i.min(b.latin.len() - 1)];
                cap(&format!("{left}{between}{right}"))
            })
            .collect(),
    }
}

fn is_cased(text: &str) -> bool {
    text.chars().any(|c| c.is_lowercase() || c.is_uppercase())
}

/// Every culture, by the index that countries use.
pub(super) const CULTURES: [&Culture; 7] = [
    &SWAHILI, &ARABIC, &UKRAINIAN, &BENGALI, &BURMESE, &AMHARIC, &HAN,
];

static SWAHILI: Culture = Culture {
    languages: &["sw", "en"],
    joined: false,
    family_first: false,
    male: &[
        ("Juma", "Juma|Jumaa"),
        ("Hassan", "Hassan|Hasan"),
        ("Otieno", "Otieno|Otiyeno"),
        ("Kamau", "Kamau"),
        ("Baraka", "Baraka|Barraka"),
        ("Mwangi", "Mwangi|Muangi"),
        ("Abdi", "Abdi|Cabdi"),
        ("Kiprono", "Kiprono|Kiprotich"),
        ("Samuel", "Samuel|Samwel"),
        ("Yusuf", "Yusuf|Yusufu|Yussuf"),
        ("Rashid", "Rashid|Rashidi"),
        ("Daudi", "Daudi|David"),
        ("Omari", "Omari|Omar"),
        ("Peter", "Peter|Petro"),
        ("Emmanuel", "Emmanuel|Emanuel|Manuel"),
        ("Jabali", "Jabali"),
    ],
    female: &[
        ("Amina", "Amina|Aminah|Aamina"),
        ("Wanjiku", "Wanjiku|Wanjikuh"),
        ("Achieng", "Achieng|Acieng"),
        ("Fatuma", "Fatuma|Fatima|Fadumo"),
        ("Neema", "Neema|Nema"),
        ("Zawadi", "Zawadi"),
        ("Halima", "Halima|Haleema"),
        ("Rehema", "Rehema|Rahema"),
        ("Akinyi", "Akinyi|Akini"),
        ("Mariam", "Mariam|Maryam|Mariamu"),
        ("Grace", "Grace|Gres"),
        ("Wambui", "Wambui|Wambuyi"),
        ("Chebet", "Chebet|Chebett"),
        ("Asha", "Asha|Aisha"),
        ("Njeri", "Njeri|Njery"),
        ("Subira", "Subira"),
    ],
    family: &[
        ("Odhiambo", "Odhiambo|Odiambo"),
        ("Mohamed", "Mohamed|Mohammed|Muhamed"),
        ("Kariuki", "Kariuki|Kariyuki"),
        ("Hussein", "Hussein|Husein"),
        ("Ochieng", "Ochieng|Ocieng"),
        ("Wekesa", "Wekesa|Wekessa"),
        ("Abdullahi", "Abdullahi|Abdulahi"),
        ("Mutua", "Mutua|Mutuwa"),
        ("Cheruiyot", "Cheruiyot|Cheruyot"),
        ("Ali", "Ali|Aly"),
        ("Njoroge", "Njoroge|Njoroghe"),
        ("Barasa", "Barasa|Barassa"),
    ],
    heads: &[
        ("Mu", "Mu"),
        ("Ki", "Ki"),
        ("Wa", "Wa"),
        ("Nde", "Nde"),
        ("Kha", "Kha|Ka"),
        ("Ony", "Ony|Oni"),
        ("Ma", "Ma"),
        ("Ru", "Ru"),
        ("Che", "Che"),
        ("Ga", "Ga"),
        ("Tho", "Tho|To"),
        ("Sha", "Sha|Sa"),
        ("Nya", "Nya"),
        ("Ba", "Ba"),
        ("Ogu", "Ogu"),
        ("Le", "Le"),
    ],
    tails: &[
        ("thoni", "thoni|toni"),
        ("kuru", "kuru"),
        ("ngugi", "ngugi|ngughi"),
        ("beni", "beni"),
        ("lule", "lule"),
        ("ndera", "ndera"),
        ("mwaki", "mwaki|muaki"),
        ("tiso", "tiso|tisso"),
        ("rage", "rage"),
        ("wino", "wino"),
        ("shiro", "shiro|siro"),
        ("kombo", "kombo"),
        ("jalo", "jalo|jallo"),
        ("rimba", "rimba"),
        ("sanga", "sanga"),
        ("deko", "deko"),
        ("meri", "meri|mery"),
        ("hati", "hati|hatti"),
    ],
};

static ARABIC: Culture = Culture {
    languages: &["ar", "en"],
    joined: false,
    family_first: false,
    male: &[
        ("محمد", "Mohammed|Muhammad|Mohamad|Mohamed"),
        ("أحمد", "Ahmed|Ahmad"),
        ("علي", "Ali|Aly"),
        ("خالد", "Khaled|Khalid"),
        ("عمر", "Omar|Umar"),
        ("يوسف", "Youssef|Yusuf|Yousef"),
        ("إبراهيم", "Ibrahim|Ebrahim"),
        ("حسين", "Hussein|Husain|Hossein"),
        ("مصطفى", "Mustafa|Mostafa|Moustafa"),
        ("عبد الله", "Abdullah|Abdallah|Abd Allah"),
        ("طارق", "Tariq|Tarek"),
        ("سمير", "Samir|Sameer"),
        ("زياد", "Ziad|Ziyad"),
        ("قاسم", "Qasem|Kassem|Qassim"),
        ("جمال", "Jamal|Gamal"),
        ("رامي", "Rami|Ramy"),
    ],
    female: &[
        ("فاطمة", "Fatima|Fatma|Fatimah"),
        ("مريم", "Mariam|Maryam"),
        ("زينب", "Zainab|Zeinab|Zaynab"),
        ("عائشة", "Aisha|Aicha|Aysha"),
        ("نور", "Nour|Noor|Nur"),
        ("هدى", "Huda|Hoda"),
        ("سارة", "Sara|Sarah"),
        ("خديجة", "Khadija|Khadijah"),
        ("ليلى", "Layla|Leila|Laila"),
        ("رنا", "Rana"),
        ("سعاد", "Souad|Suad"),
        ("أمل", "Amal"),
        ("ياسمين", "Yasmin|Yasmeen|Jasmin"),
        ("هبة", "Hiba|Heba"),
        ("نادية", "Nadia|Nadya"),
        ("رقية", "Ruqaya|Roukaya"),
    ],
    family: &[
        ("الحسن", "Al-Hassan|Alhasan|El Hassan"),
        ("الخطيب", "Al-Khatib|Khateeb"),
        ("حداد", "Haddad|Hadad"),
        ("النجار", "Al-Najjar|Najar|An-Najjar"),
        ("درويش", "Darwish|Darwich"),
        ("منصور", "Mansour|Mansur"),
        ("شاهين", "Shahin|Chahine|Shaheen"),
        ("العلي", "Al-Ali|El Ali"),
        ("قدور", "Kaddour|Qaddur"),
        ("سليمان", "Suleiman|Sulayman|Soliman"),
        ("عيسى", "Issa|Eissa"),
        ("المصري", "Al-Masri|El Masry"),
    ],
    heads: &[
        ("با", "Ba"),
        ("حم", "Ham"),
        ("سل", "Sal"),
        ("قر", "Qar|Kar"),
        ("شم", "Sham|Cham"),
        ("رش", "Rash|Rach"),
        ("عز", "Az|Ezz"),
        ("نص", "Nas|Nass"),
        ("جر", "Jar|Gar"),
        ("طو", "Tou|Tu"),
        ("مر", "Mar"),
        ("دل", "Dal"),
        ("خو", "Khou|Kho"),
        ("فر", "Far"),
        ("زه", "Zah"),
        ("كن", "Kan"),
    ],
    tails: &[
        ("اوي", "awi|aoui|awy"),
        ("ان", "an"),
        ("وري", "ouri|uri"),
        ("ادي", "adi|ady"),
        ("يني", "ini|eeni"),
        ("وس", "ous|us"),
        ("اني", "ani|any"),
        ("ير", "ir|eer"),
        ("ومي", "oumi|umi"),
        ("اش", "ash|ach"),
        ("يل", "il|eel"),
        ("ابي", "abi|aby"),
        ("وني", "ouni|uni"),
        ("ار", "ar"),
        ("يمي", "imi|eemi"),
        ("اط", "at"),
        ("وح", "ouh|uh"),
        ("اسي", "asi|assi"),
    ],
};

static UKRAINIAN: Culture = Culture {
    languages: &["uk", "ru"],
    joined: false,
    family_first: false,
    male: &[
        ("Олександр", "Oleksandr|Aleksandr|Alexander"),
        ("Андрій", "Andrii|Andriy|Andrey"),
        ("Сергій", "Serhii|Sergiy|Sergey"),
        ("Іван", "Ivan"),
        ("Микола", "Mykola|Nikolai"),
        ("Дмитро", "Dmytro|Dmitry"),
        ("Юрій", "Yurii|Yuriy|Iurii"),
        ("Володимир", "Volodymyr|Vladimir"),
        ("Тарас", "Taras"),
        ("Богдан", "Bohdan|Bogdan"),
        ("Олег", "Oleh|Oleg"),
        ("Євген", "Yevhen|Evgen|Eugene"),
        ("Максим", "Maksym|Maxim"),
        ("Роман", "Roman"),
        ("Петро", "Petro|Piotr"),
        ("Артем", "Artem|Artyom"),
    ],
    female: &[
        ("Олена", "Olena|Elena"),
        ("Наталія", "Nataliia|Natalia|Natalya"),
        ("Оксана", "Oksana|Oxana"),
        ("Ірина", "Iryna|Irina"),
        ("Тетяна", "Tetiana|Tatyana"),
        ("Юлія", "Yuliia|Julia|Yulia"),
        ("Марія", "Mariia|Maria"),
        ("Анна", "Anna|Hanna"),
        ("Світлана", "Svitlana|Svetlana"),
        ("Катерина", "Kateryna|Ekaterina"),
        ("Людмила", "Liudmyla|Lyudmila"),
        ("Галина", "Halyna|Galina"),
        ("Дарія", "Dariia|Daria"),
        ("Софія", "Sofiia|Sofia"),
        ("Віра", "Vira|Vera"),
        ("Надія", "Nadiia|Nadia"),
    ],
    family: &[
        ("Шевченко", "Shevchenko|Schevchenko"),
        ("Коваленко", "Kovalenko"),
        ("Бондаренко", "Bondarenko"),
        ("Ткаченко", "Tkachenko"),
        ("Кравченко", "Kravchenko"),
        ("Олійник", "Oliinyk|Oliynik"),
        ("Мельник", "Melnyk|Melnik"),
        ("Поліщук", "Polishchuk|Polischuk"),
        ("Лисенко", "Lysenko|Lisenko"),
        ("Савчук", "Savchuk"),
        ("Гриценко", "Hrytsenko|Gritsenko"),
        ("Марчук", "Marchuk"),
    ],
    heads: &[
        ("Бо", "Bo"),
        ("Гри", "Hry|Gri"),
        ("Ко", "Ko"),
        ("Ло", "Lo"),
        ("Ми", "My|Mi"),
        ("Пе", "Pe"),
        ("Ро", "Ro"),
        ("Ста", "Sta"),
        ("Тка", "Tka"),
        ("Фе", "Fe"),
        ("Чор", "Chor"),
        ("Яво", "Yavo|Javo"),
        ("Де", "De"),
        ("Жу", "Zhu"),
        ("Зі", "Zi"),
        ("Хо", "Kho|Ho"),
    ],
    tails: &[
        ("ренко", "renko"),
        ("левич", "levych|levich"),
        ("ник", "nyk|nik"),
        ("мчук", "mchuk"),
        ("двій", "dvii|dviy"),
        ("рський", "rskyi|rskiy|rsky"),
        ("вець", "vets"),
        ("лик", "lyk|lik"),
        ("шко", "shko"),
        ("ченко", "chenko"),
        ("щак", "shchak|schak"),
        ("дар", "dar"),
        ("гайло", "hailo|gaylo"),
        ("нюк", "niuk|nyuk"),
        ("зенко", "zenko"),
        ("тяк", "tiak|tyak"),
        ("вак", "vak"),
        ("рин", "ryn|rin"),
    ],
};

static BENGALI: Culture = Culture {
    languages: &["bn", "en"],
    joined: false,
    family_first: false,
    male: &[
        ("মোহাম্মদ", "Mohammad|Muhammad|Md"),
        ("আব্দুল", "Abdul|Abdoul"),
        ("রহিম", "Rahim|Raheem"),
        ("করিম", "Karim|Kareem"),
        ("জাহিদ", "Zahid|Jahid"),
        ("রফিক", "Rafiq|Rafik"),
        ("সুমন", "Sumon|Suman"),
        ("আরিফ", "Arif|Areef"),
        ("নূরুল", "Nurul|Noorul"),
        ("কামাল", "Kamal"),
        ("শাহিন", "Shahin|Shaheen"),
        ("তানভীর", "Tanvir|Tanveer"),
        ("ইমরান", "Imran"),
        ("সালাম", "Salam"),
        ("হাবিব", "Habib"),
        ("মিজান", "Mizan|Mijan"),
    ],
    female: &[
        ("ফাতেমা", "Fatema|Fatima"),
        ("আয়েশা", "Ayesha|Aisha"),
        ("রহিমা", "Rahima"),
        ("নাসরিন", "Nasrin|Nasreen"),
        ("শারমিন", "Sharmin|Sharmeen"),
        ("সুমাইয়া", "Sumaiya|Sumaya"),
        ("রোকেয়া", "Rokeya|Rukaiya"),
        ("জান্নাত", "Jannat"),
        ("হাসিনা", "Hasina"),
        ("খাদিজা", "Khadija|Khadiza"),
        ("মরিয়ম", "Mariam|Moriom"),
        ("তাসলিমা", "Taslima"),
        ("নূরজাহান", "Nurjahan|Noorjahan"),
        ("সালমা", "Salma"),
        ("পারভীন", "Parvin|Parveen"),
        ("রুমা", "Ruma"),
    ],
    family: &[
        ("ইসলাম", "Islam"),
        ("হোসেন", "Hossain|Hussain|Hosen"),
        ("রহমান", "Rahman|Rehman"),
        ("খাতুন", "Khatun|Khatoon"),
        ("বেগম", "Begum|Begom"),
        ("আহমেদ", "Ahmed|Ahmad"),
        ("আলী", "Ali"),
        ("উদ্দিন", "Uddin|Udin"),
        ("চৌধুরী", "Chowdhury|Choudhury|Chaudhuri"),
        ("মিয়া", "Miah|Mia"),
        ("সরকার", "Sarkar|Sarker"),
        ("আক্তার", "Akter|Akhtar"),
    ],
    heads: &[
        ("মা", "Ma"),
        ("সা", "Sa"),
        ("বি", "Bi"),
        ("কা", "Ka"),
        ("জা", "Ja|Za"),
        ("না", "Na"),
        ("তা", "Ta"),
        ("রা", "Ra"),
        ("হা", "Ha"),
        ("দে", "De"),
        ("পা", "Pa"),
        ("লো", "Lo"),
        ("গো", "Go"),
        ("শি", "Shi|Si"),
        ("মু", "Mu|Moo"),
        ("আ", "A"),
    ],
    tails: &[
        ("লিক", "lik|lick"),
        ("বুর", "bur|boor"),
        ("দার", "dar"),
        ("মান", "man"),
        ("জন", "jan|jon"),
        ("কির", "kir|keer"),
        ("সেন", "sen"),
        ("রেজ", "rez|rej"),
        ("তুন", "tun|toon"),
        ("হাব", "hab"),
        ("দুল", "dul|dool"),
        ("লাল", "lal"),
        ("পাল", "pal"),
        ("রিফ", "rif|reef"),
        ("বার", "bar"),
        ("নুর", "nur|noor"),
        ("কান্ত", "kanta|kanto"),
        ("ফুল", "ful|phul"),
    ],
};

static BURMESE: Culture = Culture {
    languages: &["my", "en"],
    joined: true,
    family_first: false,
    male: &[
        ("အောင်", "Aung|Ong"),
        ("ကျော်", "Kyaw|Kyau"),
        ("မင်း", "Min"),
        ("သူ", "Thu"),
        ("ဇော်", "Zaw|Zau"),
        ("ထွန်း", "Htun|Tun"),
        ("လင်း", "Lin|Linn"),
        ("ဝင်း", "Win"),
        ("မျိုး", "Myo"),
        ("ကို", "Ko"),
        ("သန်း", "Than"),
        ("နိုင်", "Naing|Nine"),
        ("ဖြိုး", "Phyo|Pyo"),
        ("ဟိန်း", "Hein"),
        ("ရဲ", "Ye"),
        ("စိုး", "Soe|So"),
    ],
    female: &[
        ("ခင်", "Khin|Khine"),
        ("စု", "Su"),
        ("မေ", "May"),
        ("နှင်း", "Hnin|Nin"),
        ("သီတာ", "Thida|Thidar"),
        ("ဝါ", "Wah|Wa"),
        ("ချို", "Cho"),
        ("အေး", "Aye|Ay"),
        ("မြင့်", "Myint"),
        ("ယု", "Yu"),
        ("နွယ်", "Nwe|Nway"),
        ("ဖြူ", "Phyu|Pyu"),
        ("သန္တာ", "Thandar|Thanda"),
        ("ဇင်", "Zin"),
        ("မိုး", "Moe|Mo"),
        ("စန်း", "San"),
    ],
    family: &[
        ("ဦး", "Oo|Oe"),
        ("လှိုင်", "Hlaing|Laing"),
        ("ထက်", "Htet|Tet"),
        ("လတ်", "Latt|Lat"),
        ("ခန့်", "Khant|Kant"),
        ("သိန်း", "Thein"),
        ("မောင်", "Maung|Mg"),
        ("ဌေး", "Htay|Tay"),
        ("ရွှေ", "Shwe"),
        ("ကြည်", "Kyi|Kyee"),
        ("ဖေ", "Pe|Phay"),
        ("ညွန့်", "Nyunt"),
    ],
    heads: &[
        ("အောင်", "Aung"),
        ("သက်", "Thet"),
        ("ကျော်", "Kyaw"),
        ("မျိုး", "Myo"),
        ("ဇေ", "Zay"),
        ("ပြည့်", "Pyae|Pye"),
        ("နေ", "Nay"),
        ("ဘို", "Bo"),
        ("လွင်", "Lwin"),
        ("စော", "Saw"),
        ("တိုး", "Toe"),
        ("ညီ", "Nyi"),
        ("ရန်", "Yan"),
        ("ဆန်း", "San"),
        ("ပိုင်", "Paing"),
        ("ဝေ", "Wai"),
    ],
    tails: &[
        ("ဦး", "oo"),
        ("ထွန်း", "htun|tun"),
        ("လင်း", "lin"),
        ("မောင်", "maung"),
        ("ဝင်း", "win"),
        ("စိုး", "soe"),
        ("လှ", "hla|la"),
        ("သန်", "than"),
        ("ဖြိုး", "phyo|pyo"),
        ("ကို", "ko"),
        ("အေး", "aye"),
        ("တင့်", "tint"),
        ("ဇော်", "zaw"),
        ("ရှိန်", "shein"),
        ("မြတ်", "myat"),
        ("ငွေ", "ngwe"),
    ],
};

static AMHARIC: Culture = Culture {
    languages: &["am", "en"],
    joined: false,
    family_first: false,
    male: &[
        ("አበበ", "Abebe|Abebbe"),
        ("ተስፋዬ", "Tesfaye|Tesfaie"),
        ("ዳዊት", "Dawit|Dawitt|David"),
        ("ሃይሉ", "Hailu|Haylu"),
        ("ግርማ", "Girma|Ghirma"),
        ("ዮሐንስ", "Yohannes|Yohanes"),
        ("በቀለ", "Bekele|Bekelle"),
        ("ሰለሞን", "Solomon|Selemon"),
        ("ሙሉጌታ", "Mulugeta|Mulugetta"),
        ("ካሳ", "Kassa|Kasa"),
        ("መሐመድ", "Mohammed|Mehamed"),
        ("ኤልያስ", "Elias|Eliyas"),
        ("ታደሰ", "Tadesse|Tadese"),
        ("ብርሃኑ", "Birhanu|Berhanu"),
        ("ጌታቸው", "Getachew|Ghetachew"),
        ("አማኑኤል", "Amanuel|Amanuel"),
    ],
    female: &[
        ("አልማዝ", "Almaz"),
        ("ሰላም", "Selam|Salam"),
        ("ሕይወት", "Hiwot|Heywet"),
        ("ትዕግሥት", "Tigist|Tigest"),
        ("ማርታ", "Marta|Martha"),
        ("ዘውዲቱ", "Zewditu|Zewditou"),
        ("አስቴር", "Aster|Ester"),
        ("ሰብለ", "Seble|Sebele"),
        ("ብርቱካን", "Birtukan|Bertukan"),
        ("መሰረት", "Meseret|Messeret"),
        ("ራሔል", "Rahel|Rachel"),
        ("ሊያ", "Liya|Lia"),
        ("ሐና", "Hanna|Hana"),
        ("ፋጡማ", "Fatuma|Fatima"),
        ("እመቤት", "Emebet"),
        ("ዘነበች", "Zenebech|Zenebech"),
    ],
    family: &[
        ("ወልደማርያም", "Woldemariam|Weldemariam"),
        ("ገብረሥላሴ", "Gebreselassie|Gebreselasie"),
        ("ተክለ", "Tekle|Tecle"),
        ("ደስታ", "Desta"),
        ("አስፋው", "Asfaw|Asfau"),
        ("ከበደ", "Kebede|Kebbede"),
        ("ለማ", "Lemma|Lema"),
        ("ወርቁ", "Worku|Werku"),
        ("አየለ", "Ayele|Ayelle"),
        ("ንጉሴ", "Nigussie|Negussie"),
        ("ጥላሁን", "Tilahun|Telahun"),
        ("ዘውዴ", "Zewde|Zewdie"),
    ],
    heads: &[
        ("ገብረ", "Gebre|Ghebre"),
        ("ወልደ", "Wolde|Welde"),
        ("ተክለ", "Tekle"),
        ("ሀብተ", "Habte"),
        ("ኃይለ", "Haile|Hayle"),
        ("ተስፋ", "Tesfa"),
        ("አምደ", "Amde"),
        ("ፍቅረ", "Fikre|Fiqre"),
    ],
    tails: &[
        ("ማርያም", "mariam|maryam"),
        ("ጊዮርጊስ", "giorgis|georgis"),
        ("ሚካኤል", "michael|mikael"),
        ("ሥላሴ", "selassie|selasie"),
        ("አብ", "ab"),
        ("ጽዮን", "tsion|tsiyon"),
        ("መድኅን", "medhin|medhen"),
        ("ወልድ", "wold|weld"),
        ("ክርስቶስ", "kristos|christos"),
        ("ገብርኤል", "gabriel|gebriel"),
        ("ድንግል", "dingil|dengel"),
        ("ኪዳን", "kidan"),
    ],
};

static HAN: Culture = Culture {
    languages: &["zh-Hans", "en"],
    joined: true,
    family_first: true,
    male: &[
        ("伟", "Wei"),
        ("强", "Qiang|Keong"),
        ("明", "Ming|Meng"),
        ("杰", "Jie|Kiat"),
        ("华", "Hua|Hwa"),
        ("国", "Guo|Kok"),
        ("文", "Wen|Boon"),
        ("志", "Zhi|Chee"),
        ("勇", "Yong|Yung"),
        ("建", "Jian|Kien"),
        ("平", "Ping|Peng"),
        ("龙", "Long|Loong"),
        ("福", "Fu|Hock"),
        ("天", "Tian|Tien"),
        ("永", "Yong|Eng"),
        ("德", "De|Teck"),
    ],
    female: &[
        ("丽", "Li|Lai"),
        ("芳", "Fang|Fong"),
        ("静", "Jing|Cheng"),
        ("敏", "Min"),
        ("秀", "Xiu|Siew"),
        ("英", "Ying|Eng"),
        ("玉", "Yu|Geok"),
        ("梅", "Mei|Bee"),
        ("红", "Hong|Ang"),
        ("霞", "Xia|Hah"),
        ("燕", "Yan|Yen"),
        ("雪", "Xue|Suet"),
        ("慧", "Hui|Wai"),
        ("兰", "Lan"),
        ("珍", "Zhen|Chin"),
        ("月", "Yue|Guat"),
    ],
    family: &[
        ("王", "Wang|Wong|Ong"),
        ("李", "Li|Lee"),
        ("张", "Zhang|Chong|Cheong"),
        ("刘", "Liu|Lau|Low"),
        ("陈", "Chen|Chan|Tan"),
        ("杨", "Yang|Yeoh"),
        ("黄", "Huang|Wong|Ng"),
        ("赵", "Zhao|Chew"),
        ("周", "Zhou|Chow|Chew"),
        ("吴", "Wu|Ng|Goh"),
        ("徐", "Xu|Chee|Hsu"),
        ("孙", "Sun|Soon"),
        ("马", "Ma|Mah"),
        ("朱", "Zhu|Choo"),
        ("胡", "Hu|Ooh"),
        ("林", "Lin|Lim|Lam"),
        ("郭", "Guo|Kuek|Kwok"),
        ("何", "He|Ho"),
        ("高", "Gao|Koh"),
        ("罗", "Luo|Loh|Law"),
        ("郑", "Zheng|Teh|Cheng"),
        ("梁", "Liang|Leong"),
        ("谢", "Xie|Chia|Tse"),
        ("宋", "Song|Soong"),
        ("欧阳", "Ouyang|Auyong"),
        ("司徒", "Situ|Szeto"),
        ("曾", "Zeng|Chan|Tsang"),
        ("彭", "Peng|Pang"),
        ("叶", "Ye|Yap|Yip"),
        ("江", "Jiang|Kong"),
    ],
    heads: &[],
    tails: &[],
};
