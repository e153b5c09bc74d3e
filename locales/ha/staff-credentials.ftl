### Staff and volunteers. Machine draft, for people to revise and approve.

staff-reached = An ɗauki sunan shigarka da kalmar sirrinka na tsarinmu.
staff-reset = Ka zaɓi sabuwar kalmar sirri a duk inda ka yi amfani da iri ɗaya.
staff-watch = Ka duba asusunka ko akwai wani abu da ba kai ka yi ba.
staff-security = Idan ka kira, ka nemi mai kula da tsaronmu.
