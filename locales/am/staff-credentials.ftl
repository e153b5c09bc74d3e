### Staff and volunteers. Machine draft, for people to revise and approve.

staff-reached = ለሥርዓቶቻችን ያለዎ የመግቢያ ስምና የይለፍ ቃል ተወስዷል።
staff-reset = ይህንኑ የይለፍ ቃል በተጠቀሙበት ቦታ ሁሉ አዲስ ይምረጡ።
staff-watch = በራስዎ መለያዎች ውስጥ እርስዎ ያላደረጉት ነገር እንዳለ ይመልከቱ።
staff-security = ሲደውሉ የደህንነት ተጠሪያችንን ይጠይቁ።
