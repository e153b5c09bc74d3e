### The anonymous public notice. Machine draft, for people to revise and approve.

public-title = إلى كل من نحتفظ بمعلومات عنهم
public-who = هذا الإشعار من { $org }.
public-groups = يتعلق الأمر بمعلومات كانت لدينا حتى { $discovered } عن أشخاص يبحثون عن أقاربهم، وأشخاص يُبحث عنهم، وأطفال كانوا وحدهم، وأشخاص محتجزين، وأشخاص آخرين نساعدهم، وموظفينا ومتطوعينا.
